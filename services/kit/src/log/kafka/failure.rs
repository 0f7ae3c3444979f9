//! What librdkafka's errors mean to a host.

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Somebody else has our partitions or our id.
    Fenced,
    /// Asking again won't help.
    Refused,
    /// Starting over, with new clients, may help. What nobody knows is among these: it is told, and tried again.
    Transient,
}

pub(super) fn kind(error: &KafkaError) -> Kind {
    use RDKafkaErrorCode as Code;
    match error {
        KafkaError::ClientConfig(..)
        | KafkaError::ClientCreation(_)
        | KafkaError::AdminOpCreation(_)
        | KafkaError::Nul(_) => return Kind::Refused,
        _ => {}
    }
    match code(error) {
        Some(
            Code::Fenced
            | Code::InvalidProducerEpoch
            | Code::ProducerFenced
            | Code::FencedInstanceId
            | Code::IllegalGeneration
            | Code::UnknownMemberId
            | Code::RebalanceInProgress
            | Code::InvalidProducerIdMapping
            | Code::AssignmentLost
            | Code::PollExceeded,
        ) => Kind::Fenced,
        Some(code) if is_refusal(code) => Kind::Refused,
        _ => Kind::Transient,
    }
}

/// The code of an error, which the bindings leave out for the admin client's.
fn code(error: &KafkaError) -> Option<RDKafkaErrorCode> {
    match error {
        KafkaError::AdminOp(code) => Some(*code),
        other => other.rdkafka_error_code(),
    }
}

/// Answers that depend on how things are set up, here or there.
fn is_refusal(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        code,
        Code::Authentication
            | Code::SaslAuthenticationFailed
            | Code::UnsupportedSASLMechanism
            | Code::TopicAuthorizationFailed
            | Code::GroupAuthorizationFailed
            | Code::ClusterAuthorizationFailed
            | Code::TransactionalIdAuthorizationFailed
            | Code::SSL
            | Code::InvalidConfig
            | Code::InvalidTransactionTimeout
            | Code::InvalidSessionTimeout
            | Code::InvalidReplicationFactor
            | Code::InvalidPartitions
            | Code::InconsistentGroupProtocol
            | Code::PolicyViolation
            | Code::MessageSizeTooLarge
            | Code::MessageBatchTooLarge
            | Code::UnsupportedVersion
            | Code::UnsupportedFeature
            | Code::UnknownTopic
            | Code::UnknownPartition
            | Code::UnknownTopicOrPartition
            | Code::InvalidTopic
            | Code::InvalidRecord
            | Code::InvalidArgument
            | Code::AutoOffsetReset
            | Code::OffsetOutOfRange
    )
}

/// True while the leader of a partition or the coordinator of a group is on its way to another broker.
pub(super) fn is_moving(error: &KafkaError) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        error.rdkafka_error_code(),
        Some(
            Code::LeaderNotAvailable
                | Code::NotLeaderForPartition
                | Code::OffsetNotAvailable
                | Code::CoordinatorLoadInProgress
                | Code::CoordinatorNotAvailable
                | Code::NotCoordinator
                | Code::WaitingForCoordinator
        )
    )
}

/// True for what librdkafka reports while it goes on trying by itself.
pub(super) fn is_retried_below(error: &KafkaError) -> bool {
    use RDKafkaErrorCode as Code;
    let is_network = matches!(
        error.rdkafka_error_code(),
        Some(
            Code::BrokerTransportFailure
                | Code::AllBrokersDown
                | Code::Resolve
                | Code::OperationTimedOut
                | Code::NodeUpdate
                | Code::UnknownBroker
                | Code::DestroyBroker
                | Code::NetworkException
                | Code::RequestTimedOut
        )
    );
    is_network || is_moving(error)
}
