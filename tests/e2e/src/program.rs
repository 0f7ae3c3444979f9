//! The program as an operator starts it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// How long a process may take to end after it was asked to.
const STOP_LIMIT: Duration = Duration::from_secs(40);

/// The program, built from the tree that the test is of.
///
/// # Panics
/// When it does not build.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .map(Path::to_owned);
        let root = root.expect_or_fail("the workspace's root");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "-p", "copydesk"])
            .current_dir(&root)
            .status();
        assert!(built.is_ok_and(|status| status.success()), "copydesk does not build");
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        target.join("debug/copydesk")
    })
}

trait OrFail<T> {
    fn expect_or_fail(self, what: &str) -> T;
}

impl<T> OrFail<T> for Option<T> {
    fn expect_or_fail(self, what: &str) -> T {
        let Some(value) = self else { fail(&format!("no {what}")) };
        value
    }
}

/// Ends the test that called.
#[expect(clippy::panic, reason = "a test fails by panicking")]
pub(crate) fn fail(message: &str) -> ! {
    panic!("{message}")
}

/// Runs the program to its end.
///
/// # Panics
/// When it can't be started.
pub fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Output {
    match command(arguments).output() {
        Ok(output) => output,
        Err(error) => fail(&format!("can't start the program: {error}")),
    }
}

/// Runs the program to its end and returns what it printed.
///
/// # Panics
/// When it fails.
pub fn run_well<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> String {
    let output = run(arguments);
    assert!(
        output.status.success(),
        "{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn command<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).stdin(Stdio::null());
    // A test must not depend on the configuration of whoever runs it.
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("COPYDESK_") {
            command.env_remove(name);
        }
    }
    command
}

/// A process of the program that goes on until it is stopped. Dropping it kills it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts the program; its log lines go to the file `log`, behind what is there.
    ///
    /// # Panics
    /// When it can't be started.
    pub fn start<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>, log: &Path) -> Self {
        let file = fs::File::options().create(true).append(true).open(log);
        let child = file.and_then(|file| command(arguments).stdout(Stdio::null()).stderr(file).spawn());
        match child {
            Ok(child) => Self {
                child,
                log: log.to_owned(),
            },
            Err(error) => fail(&format!("can't start the program: {error}")),
        }
    }

    /// Its log lines so far.
    #[must_use]
    pub fn log_lines(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// True while it runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills it as a power cut would.
    pub fn kill(mut self) {
        // It may have ended by itself; the tests that care look at its log.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Panics
    /// When it doesn't end in time.
    pub fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(
            asked.is_ok_and(|status| status.success()),
            "can't signal process {pid}: {}",
            self.log_lines()
        );
        let deadline = Instant::now() + STOP_LIMIT;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return status,
                Ok(None) if Instant::now() < deadline => thread::park_timeout(Duration::from_millis(20)),
                other => fail(&format!(
                    "did not end in {STOP_LIMIT:?} ({other:?}): {}",
                    self.log_lines()
                )),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
