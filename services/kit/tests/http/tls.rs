//! Encrypted connections are made with nobody but the host.

use fetcher::exchange::FailureKind::{Timeout, Tls, Truncated};
use kit::http::ClientSettings;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{AlpnError, SslAcceptor, SslMethod, select_next_proto};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Name};

use crate::exchange::{IMPATIENCE, Outcome, answers, get, loopback, ok, outcome, settings};
use crate::origin::{Act, Origin, Script};

/// A certificate and its key.
pub(crate) struct Identity {
    certificate: X509,
    key: PKey<Private>,
}

impl Identity {
    /// An authority that vouches for itself.
    pub(crate) fn authority() -> Self {
        let key = key();
        let mut builder = builder("authority", &key, 100);
        let issuer = name("authority");
        builder.set_issuer_name(&issuer).expect("an issuer");
        let constraints = BasicConstraints::new().critical().ca().build().expect("an extension");
        builder.append_extension(constraints).expect("an extension");
        Self::signed(builder, &key, key.clone())
    }

    /// The host of that name, vouched for by `authority`, until `days` from now.
    pub(crate) fn host(authority: &Self, host: &str, days: i64) -> Self {
        let key = key();
        let mut builder = builder(host, &key, days);
        builder
            .set_issuer_name(authority.certificate.subject_name())
            .expect("an issuer");
        let context = builder.x509v3_context(Some(&authority.certificate), None);
        let names = SubjectAlternativeName::new().dns(host).build(&context).expect("names");
        builder.append_extension(names).expect("an extension");
        Self::signed(builder, &authority.key, key)
    }

    fn signed(mut builder: X509Builder, by: &PKey<Private>, key: PKey<Private>) -> Self {
        builder.sign(by, MessageDigest::sha256()).expect("a signature");
        let certificate = builder.build();
        Self { certificate, key }
    }

    /// The certificate, as operators configure it.
    pub(crate) fn pem(&self) -> Vec<u8> {
        self.certificate.to_pem().expect("PEM")
    }

    /// What an origin with this identity accepts connections with.
    pub(crate) fn acceptor(&self, protocol: &'static [u8]) -> SslAcceptor {
        let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).expect("an acceptor");
        builder.set_certificate(&self.certificate).expect("a certificate");
        builder.set_private_key(&self.key).expect("a key");
        builder
            .set_alpn_select_callback(move |_, offered| select_next_proto(protocol, offered).ok_or(AlpnError::NOACK));
        builder.build()
    }
}

fn key() -> PKey<Private> {
    let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
    PKey::from_ec_key(EcKey::generate(&curve).expect("a key")).expect("a key")
}

fn name(common: &str) -> X509Name {
    let mut name = X509Name::builder().expect("a name");
    name.append_entry_by_text("CN", common).expect("a name");
    name.build()
}

fn builder(subject: &str, key: &PKey<Private>, days: i64) -> X509Builder {
    const DAY: i64 = 24 * 60 * 60;
    let now = jiff::Timestamp::now().as_second();
    let time = |day: i64| Asn1Time::from_unix(now + day * DAY).expect("a time");
    let mut builder = X509::builder().expect("a builder");
    builder.set_version(2).expect("version 3");
    let serial = BigNum::from_u32(u32::try_from(subject.len()).expect("a length")).expect("a number");
    let serial = serial.to_asn1_integer().expect("a number");
    builder.set_serial_number(&serial).expect("a serial number");
    builder.set_subject_name(&name(subject)).expect("a subject");
    builder.set_pubkey(key).expect("a key");
    builder.set_not_before(&time(-100)).expect("a time");
    builder.set_not_after(&time(days)).expect("a time");
    builder
}

/// What comes of a request to `host` at an origin that is `identity`, by a client that trusts `trusted`.
fn fetched(identity: &Identity, trusted: &Identity, host: &str, acts: Script) -> Outcome {
    let origin = Origin::start_tls(vec![acts], identity.acceptor(b"\x08http/1.1"));
    let settings = ClientSettings {
        authorities: vec![trusted.pem()],
        ..settings()
    };
    let url = format!("https://{host}:{}/", origin.port());
    let answers = answers(settings, loopback(), &[get(&url)]);
    origin.finish();
    outcome(&answers[0])
}

fn answered() -> Script {
    vec![Act::Hear, Act::Say(ok("", "news"))]
}

#[test]
fn a_host_that_a_configured_authority_vouches_for_is_trusted() {
    let authority = Identity::authority();
    let host = Identity::host(&authority, "a.test", 10);
    assert_eq!(
        fetched(&host, &authority, "a.test", answered()),
        Ok((200, b"news".to_vec()))
    );
}

#[test]
fn everybody_else_is_refused() {
    let (authority, stranger) = (Identity::authority(), Identity::authority());
    let by_stranger = Identity::host(&stranger, "a.test", 10);
    assert_eq!(fetched(&by_stranger, &authority, "a.test", answered()), Err(Tls));
    let another = Identity::host(&authority, "b.test", 10);
    assert_eq!(fetched(&another, &authority, "a.test", answered()), Err(Tls));
    assert_eq!(fetched(&another, &authority, "127.0.0.1", answered()), Err(Tls));
    let expired = Identity::host(&authority, "a.test", -10);
    assert_eq!(fetched(&expired, &authority, "a.test", answered()), Err(Tls));
    let by_itself = Identity::authority();
    assert_eq!(fetched(&by_itself, &authority, "a.test", answered()), Err(Tls));
}

#[test]
fn a_body_that_is_cut_inside_tls_is_truncated() {
    let authority = Identity::authority();
    let host = Identity::host(&authority, "a.test", 10);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n";
    let script = vec![Act::Hear, Act::Say(format!("{head}news").into())];
    assert_eq!(fetched(&host, &authority, "a.test", script), Err(Truncated));
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let script = vec![Act::Hear, Act::Say(format!("{head}4\r\nnews\r\n").into())];
    assert_eq!(fetched(&host, &authority, "a.test", script), Err(Truncated));
}

#[test]
fn a_handshake_that_is_none_fails() {
    let greet = |acts: Script, expected| {
        let origin = Origin::start(vec![acts]);
        let mut settings = settings();
        settings.timeout = IMPATIENCE;
        let url = format!("https://127.0.0.1:{}/", origin.port());
        let answers = answers(settings, loopback(), &[get(&url)]);
        origin.finish();
        assert_eq!(outcome(&answers[0]), Err(expected), "{:?}", answers[0]);
    };
    greet(
        vec![Act::Say(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), Act::Wait],
        Tls,
    );
    greet(vec![Act::Say(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Act::Wait], Tls);
    greet(vec![Act::Wait], Timeout);
}
