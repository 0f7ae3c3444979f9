//! Whether a request went out on a connection that was kept from an earlier one.
//!
//! A server may close a kept connection at any moment, also at the one in which we send: that failure is nobody's, and
//! the request may be sent once more (RFC 9112, section 9.3.1). A connection that was made for the request and fails is
//! a failure of the server. The pool waits for a kept connection and for a new one at once and takes what comes first;
//! the other one is finished elsewhere. So a connection that is finished under the eyes of the request is its own.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    static HAS_CONNECTED: Cell<bool>;
}

/// The outcome of `sending`, and whether a connection was made for it.
pub(super) async fn observed<F: Future>(sending: F) -> (F::Output, bool) {
    let whole = async {
        let outcome = sending.await;
        (outcome, HAS_CONNECTED.with(Cell::get))
    };
    HAS_CONNECTED.scope(Cell::new(false), whole).await
}

/// A layer around the connector that notes each connection.
#[derive(Clone, Copy)]
pub(super) struct Noting;

impl<S> Layer<S> for Noting {
    type Service = NotingConnector<S>;

    fn layer(&self, connector: S) -> Self::Service {
        NotingConnector(connector)
    }
}

/// A connector that notes each connection.
#[derive(Clone)]
pub(super) struct NotingConnector<S>(S);

impl<S, R> Service<R> for NotingConnector<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connecting = self.0.call(target);
        Box::pin(async move {
            let connected = connecting.await;
            // Elsewhere than in a request nobody wants to know.
            let _ = HAS_CONNECTED.try_with(|has_connected| has_connected.set(true));
            connected
        })
    }
}
