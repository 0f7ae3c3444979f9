//! A real Apache Kafka for tests: one node on loopback, started from the jars of Maven Central.
//!
//! `KAFKA_BOOTSTRAP` names a broker that runs already. Without it a broker is started when `java` and `mvn` exist.
//! Without those the tests that need one are skipped, loudly; with `COPYDESK_REQUIRE_KAFKA` set that is a failure.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, thread};

/// How long a start may take; a start after a kill waits for the end of the old session as well.
const START_LIMIT: Duration = Duration::from_secs(120);
/// The line that the server logs when it takes requests.
const READY: &str = "Kafka Server started";

/// A broker. Dropping it kills the server and removes its data.
#[derive(Debug)]
pub struct Broker {
    bootstrap: String,
    server: Option<Server>,
}

/// A server of our own.
#[derive(Debug)]
struct Server {
    jars: PathBuf,
    directory: PathBuf,
    /// The watching shell and its standard input, whose end is the broker's end (see `watch.sh`).
    running: Option<(Child, ChildStdin)>,
}

impl Broker {
    /// The broker that the tests of this process share: `KAFKA_BOOTSTRAP`, or one of our own.
    #[must_use]
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Broker>> = OnceLock::new();
        let open = || match env::var("KAFKA_BOOTSTRAP") {
            Ok(bootstrap) => Some(Self {
                bootstrap,
                server: None,
            }),
            Err(_) => Self::start(),
        };
        SHARED.get_or_init(open).as_ref()
    }

    /// A broker of the caller's own, to be killed at will; none where it can't be started.
    #[must_use]
    pub fn start() -> Option<Self> {
        if !(runs("java", "-version") && runs("mvn", "-version")) {
            let required = env::var_os("COPYDESK_REQUIRE_KAFKA").is_some();
            assert!(
                !required,
                "COPYDESK_REQUIRE_KAFKA is set, but java and mvn are not both there"
            );
            // To the terminal itself: the harness swallows what a passing test prints.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: tests on a real Kafka need java and mvn, or KAFKA_BOOTSTRAP"
            );
            return None;
        }
        let jars = ok("resolve the jars of Kafka", jars());
        let mut failures = Vec::new();
        for _ in 0..3 {
            // Another process may take a port between our choice and the server's bind.
            match Self::try_start(&jars) {
                Ok(broker) => return Some(broker),
                Err(failure) => failures.push(failure),
            }
        }
        ok("start Kafka", Err(failures.join("\n")))
    }

    /// The address as clients take it.
    #[must_use]
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// A topic prefix that no other test uses.
    #[must_use]
    pub fn unique_prefix(&self) -> String {
        format!("test-{}", unique())
    }

    /// Kills the server as a power cut would; its data stays. A broker that is not our own stays as it is.
    pub fn kill(&mut self) {
        if let Some(server) = &mut self.server {
            server.stop(true);
        }
    }

    /// Starts the server again, on its port and its data; one that runs is killed first.
    pub fn restart(&mut self) {
        if let Some(server) = &mut self.server {
            server.stop(true);
            ok("start Kafka again", server.run());
        }
    }

    fn try_start(jars: &Path) -> Result<Self, String> {
        let directory = cache().join(format!("broker-{}", unique()));
        fs::create_dir_all(&directory).map_err(|error| format!("create {}: {error}", directory.display()))?;
        let mut server = Server {
            jars: jars.to_owned(),
            directory,
            running: None,
        };
        let port = server.format()?;
        server.run()?;
        Ok(Self {
            bootstrap: format!("127.0.0.1:{port}"),
            server: Some(server),
        })
    }
}

impl Server {
    /// Writes the configuration with free ports, formats the storage, and returns the clients' port.
    fn format(&self) -> Result<u16, String> {
        let (client, controller) = free_ports().map_err(|error| format!("find free ports: {error}"))?;
        let properties = format!(
            "{}listeners=PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}\n\
             advertised.listeners=PLAINTEXT://127.0.0.1:{client}\n\
             controller.quorum.voters=1@127.0.0.1:{controller}\nlog.dirs={}\n",
            include_str!("../kafka/server.properties"),
            self.directory.join("data").display(),
        );
        let write = |name: &str, text: &str| {
            fs::write(self.directory.join(name), text).map_err(|error| format!("write {name}: {error}"))
        };
        write("server.properties", &properties)?;
        write("log4j2.properties", include_str!("../kafka/log4j2.properties"))?;
        write("watch.sh", include_str!("../kafka/watch.sh"))?;
        let mut format = Command::new("java");
        format
            .args(self.java("kafka.tools.StorageTool"))
            .args(["format", "-t", "Y29weWRlc2stdGVzdHMtMQ", "-c"]);
        finish(format.arg(self.directory.join("server.properties")))?;
        Ok(client)
    }

    /// Starts the server and waits until it takes requests.
    fn run(&mut self) -> Result<(), String> {
        let log = self.directory.join("server.log");
        let file = fs::File::create(&log).map_err(|error| format!("create {}: {error}", log.display()))?;
        let errors = file
            .try_clone()
            .map_err(|error| format!("share {}: {error}", log.display()))?;
        let mut watch = Command::new("sh");
        watch
            .arg(self.directory.join("watch.sh"))
            .arg(&self.directory)
            .arg("java");
        watch
            .args(self.java("kafka.Kafka"))
            .arg(self.directory.join("server.properties"));
        watch.stdin(Stdio::piped()).stdout(file).stderr(errors);
        let mut child = watch.spawn().map_err(|error| format!("start sh: {error}"))?;
        let leash = child.stdin.take().ok_or("no standard input")?;
        let (child, _) = self.running.insert((child, leash));
        let deadline = Instant::now() + START_LIMIT;
        while !contains(&log, READY) {
            let ended = child.try_wait().map_err(|error| format!("wait for sh: {error}"))?;
            if ended.is_some() || Instant::now() > deadline {
                let text = fs::read_to_string(&log).unwrap_or_default();
                return Err(format!("Kafka did not start ({ended:?}):\n{text}"));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Kills the server and waits for its end.
    fn stop(&mut self, keep_data: bool) {
        let Some((mut child, mut leash)) = self.running.take() else {
            return;
        };
        if keep_data {
            // Fails when the server ended by itself: then there is nothing to kill.
            let _ = leash.write_all(b"keep\n");
        }
        drop(leash);
        let _ = child.wait();
    }

    fn java(&self, class: &str) -> Vec<String> {
        let logging = format!(
            "-Dlog4j2.configurationFile={}",
            self.directory.join("log4j2.properties").display()
        );
        let path = format!("{}/*", self.jars.display());
        let heap = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"].map(str::to_owned);
        heap.into_iter()
            .chain([logging, "-cp".to_owned(), path, class.to_owned()])
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop(false);
        // Already gone unless the server had been killed before.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Where jars and data lie: beside what cargo builds.
fn cache() -> PathBuf {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    env::var_os("CARGO_TARGET_DIR")
        .map_or(target, PathBuf::from)
        .join("kafka")
}

/// The directory with the jars, resolved once for all processes.
fn jars() -> Result<PathBuf, String> {
    let context = |error: std::io::Error| format!("prepare {}: {error}", cache().display());
    let pom = Path::new(env!("CARGO_MANIFEST_DIR")).join("kafka/pom.xml");
    fs::create_dir_all(cache()).map_err(context)?;
    let cache = cache().canonicalize().map_err(context)?;
    let jars = cache.join("jars");
    let lock = fs::File::create(cache.join("lock")).map_err(context)?;
    lock.lock().map_err(context)?;
    // The pom beside the jars says which they are; it is written last, so half a directory is done again.
    let resolved = jars.join("pom.xml");
    if fs::read(&resolved).ok() != Some(fs::read(&pom).map_err(context)?) {
        let _ = fs::remove_dir_all(&jars);
        let mut maven = Command::new("mvn");
        maven
            .args([
                "-q",
                "-B",
                "dependency:copy-dependencies",
                "-DincludeScope=runtime",
                "-f",
            ])
            .arg(&pom);
        finish(maven.arg(format!("-DoutputDirectory={}", jars.display())))?;
        fs::copy(&pom, &resolved).map_err(context)?;
    }
    Ok(jars)
}

/// Two ports that are free now.
fn free_ports() -> std::io::Result<(u16, u16)> {
    let (one, other) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
    Ok((one.local_addr()?.port(), other.local_addr()?.port()))
}

fn runs(program: &str, argument: &str) -> bool {
    let quiet = Command::new(program)
        .arg(argument)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

/// Runs a command to its end; its output is the error when it fails.
fn finish(command: &mut Command) -> Result<(), String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    Err(format!(
        "{command:?} ended with {}:\n{}",
        output.status,
        String::from_utf8_lossy(&text)
    ))
}

fn contains(path: &Path, text: &str) -> bool {
    let Ok(file) = fs::File::open(path) else { return false };
    BufReader::new(file)
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains(text))
}

/// A name that no other process and no other call gets.
fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let time = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |time| time.as_millis());
    format!(
        "{}-{time}-{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

#[expect(clippy::panic, reason = "a fixture that can't be had fails its test")]
fn ok<T>(what: &str, result: Result<T, String>) -> T {
    result.unwrap_or_else(|failure| panic!("can't {what}: {failure}"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_killed_broker_starts_again_on_its_port_and_leaves_nothing_behind() {
        let Some(mut broker) = Broker::start() else { return };
        assert!(TcpStream::connect(broker.bootstrap()).is_ok());
        broker.kill();
        assert!(TcpStream::connect(broker.bootstrap()).is_err());
        broker.restart();
        assert!(TcpStream::connect(broker.bootstrap()).is_ok());
        let directory = broker.server.as_ref().unwrap().directory.clone();
        assert!(directory.exists());
        drop(broker);
        assert!(!directory.exists());
    }
}
