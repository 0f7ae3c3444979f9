//! The HTTP side of each site.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::access::Hit;
use crate::press::Press;
use crate::seed::PageKind;
use crate::site::SITES;
use crate::validator::{Document, answer, plain, redirect};
use crate::{Options, StartError, control, design, feed};

/// What each request of a site is answered from.
#[derive(Clone)]
struct Desk {
    press: Arc<Press>,
    site: usize,
}

/// One listener for each site, and the host and port under which it is reached.
pub(crate) async fn bind(options: &Options) -> Result<(Vec<TcpListener>, Vec<String>), StartError> {
    let mut listeners = Vec::new();
    let mut addresses = Vec::new();
    for offset in 0..SITES.len() {
        let (listener, address) = bind_one(options, offset).await?;
        addresses.push(address);
        listeners.push(listener);
    }
    Ok((listeners, addresses))
}

/// The listener number `offset`, and the host and port under which it is reached.
pub(crate) async fn bind_one(options: &Options, offset: usize) -> Result<(TcpListener, String), StartError> {
    let port = match options.base_port {
        0 => 0,
        base => base.saturating_add(u16::try_from(offset).unwrap_or(u16::MAX)),
    };
    let address = format!("{}:{port}", options.listen_address);
    let failed = |source| StartError::Listen {
        address: address.clone(),
        source,
    };
    let listener = TcpListener::bind(&address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    let host = options.host_name.clone().unwrap_or_else(|| bound.ip().to_string());
    Ok((listener, format!("{host}:{}", bound.port())))
}

/// Answers requests for one site until `stopped`.
pub(crate) async fn serve(listener: TcpListener, press: Arc<Press>, site: usize, stopped: watch::Receiver<bool>) {
    let mut stopped = stopped;
    let router = Router::new().fallback(handle).with_state(Desk { press, site });
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    let until = async move {
        // An error means that the newsroom was dropped, which stops it too.
        stopped.wait_for(|stopped| *stopped).await.ok();
    };
    // The accept loop does not fail; what a single connection does is its own affair.
    axum::serve(listener, router).with_graceful_shutdown(until).await.ok();
}

async fn handle(
    State(desk): State<Desk>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response<Body> {
    // The body is dropped: it could not be held across the waiting below, and no site reads one.
    let (request, _) = request.into_parts();
    // Each byte becomes the character of the same number, so that none is lost.
    let bytes = |name| {
        let value = request.headers.get(name)?;
        Some(
            value
                .as_bytes()
                .iter()
                .map(|byte| char::from(*byte))
                .collect::<String>(),
        )
    };
    let path = request
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let (if_none_match, if_modified_since) = (bytes(header::IF_NONE_MATCH), bytes(header::IF_MODIFIED_SINCE));
    let exchange = desk.press.access.arrived(Hit {
        site: SITES[desk.site].key.to_owned(),
        host: bytes(header::HOST).unwrap_or_default(),
        path: path.clone(),
        peer_port: peer.port(),
        user_agent: bytes(header::USER_AGENT).unwrap_or_default(),
        conditional: if_none_match.is_some() || if_modified_since.is_some(),
        if_none_match,
        if_modified_since,
        accept_encoding: bytes(header::ACCEPT_ENCODING).unwrap_or_default(),
        ..Hit::default()
    });
    let response = respond(&desk, &request.headers, &path);
    exchange.answered(response.status().as_u16(), None);
    response
}

fn respond(desk: &Desk, headers: &HeaderMap, path: &str) -> Response<Body> {
    match path {
        control::TRUTH_PATH => control::truth(&desk.press),
        control::ACCESS_PATH => control::access(&desk.press),
        control::HOSTILE_PATH => control::hostile(&desk.press),
        "/robots.txt" => plain(
            StatusCode::OK,
            "text/plain; charset=utf-8",
            SITES[desk.site].robots.to_owned(),
        ),
        "/" => plain(
            StatusCode::OK,
            "text/html; charset=utf-8",
            design::front(&desk.press, desk.site),
        ),
        _ if path == SITES[desk.site].feed.path => site_feed(desk, headers),
        _ => page(desk, headers, path),
    }
}

fn site_feed(desk: &Desk, headers: &HeaderMap) -> Response<Body> {
    answer(&SITES[desk.site], headers, &feed::document(&desk.press, desk.site))
}

fn page(desk: &Desk, headers: &HeaderMap, path: &str) -> Response<Body> {
    const HTML: &str = "text/html; charset=utf-8";
    let path = without_tracking(path);
    let Some(index) = desk.press.at_path(desk.site, &path) else {
        return plain(StatusCode::NOT_FOUND, HTML, message("Page not found"));
    };
    let article = desk.press.article(index);
    match article.page {
        PageKind::Gone => return plain(StatusCode::GONE, HTML, message("This article has been removed")),
        PageKind::Missing => return plain(StatusCode::NOT_FOUND, HTML, message("Page not found")),
        PageKind::Moved if path == article.linked_path => {
            return redirect(StatusCode::MOVED_PERMANENTLY, &article.path);
        }
        PageKind::Story | PageKind::Listing | PageKind::Video | PageKind::Forbidden | PageKind::Moved => {}
    }
    let document = Document {
        text: design::page(&desk.press, index),
        content_type: SITES[desk.site].content_type,
        modified_at: article.corrected_at.unwrap_or(article.published_at),
        in_site_charset: true,
    };
    answer(&SITES[desk.site], headers, &document)
}

/// The path as the pages know it: parameters other than `id` are for counting readers.
fn without_tracking(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else {
        return path.to_owned();
    };
    let id = query.split('&').find(|parameter| parameter.starts_with("id="));
    id.map_or_else(|| path.to_owned(), |id| format!("{path}?{id}"))
}

fn message(text: &str) -> String {
    format!("<!DOCTYPE html>\n<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>\n")
}
