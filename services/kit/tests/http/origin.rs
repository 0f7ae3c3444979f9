//! An origin that plays scripts on raw sockets and notes what it hears and how much it could send.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use openssl::ssl::SslAcceptor;

/// One thing that the origin does on a connection.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Reads a request with its body.
    Hear,
    /// Reads HTTP/2 frames until a request's head has come.
    HearHttp2,
    /// Sends these bytes.
    Say(Vec<u8>),
    /// Sends these bytes again and again until the peer hangs up.
    Flood(Vec<u8>),
    /// Sends this byte again and again, each in a packet of its own, until the peer hangs up.
    Drip(u8),
    /// Waits until the peer hangs up.
    Wait,
    /// Ends the connection with a reset.
    Reset,
}

/// What an origin does on one connection, which it then closes.
pub(crate) type Script = Vec<Act>;

/// What an origin has seen.
#[derive(Debug, Default, Clone)]
pub(crate) struct Log {
    /// The addresses at which it was reached, one for each connection.
    pub(crate) reached_at: Vec<IpAddr>,
    /// The requests, head and body.
    pub(crate) requests: Vec<Vec<u8>>,
    /// Bytes that it could send before the peer hung up.
    pub(crate) sent: usize,
}

/// A listening origin.
pub(crate) struct Origin {
    port: u16,
    log: Arc<Mutex<Log>>,
    is_finished: Arc<AtomicBool>,
    listening: JoinHandle<()>,
}

trait Connection: Read + Write {}
impl<T: Read + Write> Connection for T {}

impl Origin {
    /// An origin that plays the first script on its first connection and so on, and the last one on all further ones.
    pub(crate) fn start(scripts: Vec<Script>) -> Self {
        Self::listen(scripts, None)
    }

    /// The same behind TLS.
    pub(crate) fn start_tls(scripts: Vec<Script>, acceptor: SslAcceptor) -> Self {
        Self::listen(scripts, Some(acceptor))
    }

    fn listen(scripts: Vec<Script>, acceptor: Option<SslAcceptor>) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").expect("a port of the machine");
        let port = listener.local_addr().expect("an address").port();
        let (log, is_finished) = (Arc::<Mutex<Log>>::default(), Arc::new(AtomicBool::new(false)));
        let (noted, finished) = (Arc::clone(&log), Arc::clone(&is_finished));
        let listening = std::thread::spawn(move || {
            let mut playing = Vec::new();
            for number in 0.. {
                let (stream, _) = listener.accept().expect("a connection");
                if finished.load(Ordering::SeqCst) {
                    break;
                }
                let script = scripts.get(number).or(scripts.last()).cloned().unwrap_or_default();
                let (log, acceptor) = (Arc::clone(&noted), acceptor.clone());
                note(&log, |log| {
                    log.reached_at.push(stream.local_addr().expect("an address").ip());
                });
                playing.push(std::thread::spawn(move || {
                    play(stream, acceptor.as_ref(), &script, &log);
                }));
            }
            for thread in playing {
                thread.join().expect("a script that ended");
            }
        });
        Self {
            port,
            log,
            is_finished,
            listening,
        }
    }

    /// The port that it listens at, on all loopback addresses.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What was seen. Every peer must have hung up, or the script have ended.
    pub(crate) fn finish(self) -> Log {
        self.is_finished.store(true, Ordering::SeqCst);
        TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], self.port))).expect("the last connection");
        self.listening.join().expect("a listener that ended");
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn note(log: &Mutex<Log>, change: impl FnOnce(&mut Log)) {
    change(&mut log.lock().unwrap_or_else(PoisonError::into_inner));
}

fn play(stream: TcpStream, acceptor: Option<&SslAcceptor>, script: &[Act], log: &Mutex<Log>) {
    stream.set_nodelay(true).expect("an option");
    // What lies in buffers of the system counts as sent, so it is kept small.
    rustix::net::sockopt::set_socket_send_buffer_size(&stream, 64 * 1024).expect("an option");
    let socket = stream.try_clone().expect("a handle");
    let mut connection: Box<dyn Connection> = match acceptor {
        None => Box::new(stream),
        // A peer that does not trust us ends the handshake.
        Some(acceptor) => match acceptor.accept(stream) {
            Ok(stream) => Box::new(stream),
            Err(_) => return,
        },
    };
    for act in script {
        if perform(act, connection.as_mut(), &socket, log).is_none() {
            return;
        }
    }
}

/// Nothing when the peer has hung up.
fn perform(act: &Act, connection: &mut dyn Connection, socket: &TcpStream, log: &Mutex<Log>) -> Option<()> {
    let mut say = |bytes: &[u8]| {
        let sent = connection.write(bytes).ok().filter(|sent| 0 < *sent)?;
        note(log, |log| log.sent += sent);
        Some(sent)
    };
    match act {
        Act::Hear => {
            let request = hear(connection)?;
            note(log, |log| log.requests.push(request));
            Some(())
        }
        Act::HearHttp2 => hear_http2(connection),
        Act::Say(bytes) => {
            let mut left = bytes.as_slice();
            while !left.is_empty() {
                left = &left[say(left)?..];
            }
            Some(())
        }
        Act::Flood(bytes) => loop {
            let mut left = bytes.as_slice();
            while !left.is_empty() {
                left = &left[say(left)?..];
            }
        },
        Act::Drip(byte) => loop {
            say(&[*byte])?;
        },
        Act::Wait => {
            while connection.read(&mut [0; 1024]).ok().is_some_and(|read| 0 < read) {}
            None
        }
        Act::Reset => {
            rustix::net::sockopt::set_socket_linger(socket, Some(Duration::ZERO)).expect("an option");
            None
        }
    }
}

fn hear(connection: &mut dyn Connection) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        let mut byte = [0];
        connection.read_exact(&mut byte).ok()?;
        request.push(byte[0]);
        if request.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    connection.read_exact(&mut body).ok()?;
    request.extend(body);
    Some(request)
}

/// Reads frames (RFC 9113, section 4.1) up to one of type HEADERS, behind the preface if it is still to come.
fn hear_http2(connection: &mut dyn Connection) -> Option<()> {
    const HEADERS: u8 = 1;
    loop {
        let mut head = [0; 9];
        connection.read_exact(&mut head).ok()?;
        if head.starts_with(b"PRI * HTT") {
            connection.read_exact(&mut [0; 24 - 9]).ok()?;
            continue;
        }
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).expect("a length")];
        connection.read_exact(&mut payload).ok()?;
        if head[3] == HEADERS {
            return Some(());
        }
    }
}
