//! Runs the roles of a process: starts them, waits for a reason to stop, drains them within the grace period.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::host::HostError;
use crate::stop::Stop;

/// Everything that runs in this process.
pub struct Crew {
    stop: Stop,
    threads: Vec<(String, JoinHandle<()>)>,
    ended: (Sender<Ended>, Receiver<Ended>),
}

/// Something ended.
struct Ended {
    name: String,
    failure: Option<CrewError>,
}

/// How a process ended.
#[derive(Debug, thiserror::Error)]
pub enum CrewError {
    /// A role ended in a way that starting over can't mend. The others were stopped.
    #[error("{name} stopped")]
    Role {
        /// The role.
        name: String,
        /// Why.
        #[source]
        source: HostError,
    },
    /// A defect ended a role. The others were stopped: without one role the process would do half of its work for ever.
    #[error("a defect ended {name}; please report it with the panic that was logged; nothing is lost")]
    Panicked {
        /// The role.
        name: String,
    },
    /// A role did not finish within the grace period. Nothing is lost: what it had not committed comes again.
    #[error(
        "{names} did not finish within {seconds} s and was abandoned; nothing is lost, the work comes again at the next start"
    )]
    Grace {
        /// The roles.
        names: String,
        /// The grace period.
        seconds: u64,
    },
    /// A thread could not be started.
    #[error("can't start a thread for {name}")]
    Start {
        /// The role.
        name: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Crew {
    /// A crew that stops when `stop` is pulled.
    #[must_use]
    pub fn new(stop: Stop) -> Self {
        Self {
            stop,
            threads: Vec::new(),
            ended: channel(),
        }
    }

    /// Starts `run` on a thread of its own. If it ends with an error or a panic, the whole process stops.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start(
        &mut self,
        name: &str,
        run: impl FnOnce() -> Result<(), HostError> + Send + 'static,
    ) -> Result<(), CrewError> {
        let (ended, own_name) = (self.ended.0.clone(), name.to_owned());
        let body = move || {
            let name = own_name.clone();
            let failure = match catch_unwind(AssertUnwindSafe(run)) {
                Ok(Ok(())) => None,
                Ok(Err(source)) => Some(CrewError::Role { name, source }),
                Err(_) => Some(CrewError::Panicked { name }),
            };
            // The receiver outlives every thread, unless the process is past its grace period.
            let _ = ended.send(Ended {
                name: own_name,
                failure,
            });
        };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(body)
            .map_err(|source| CrewError::Start {
                name: name.to_owned(),
                source,
            })?;
        self.threads.push((name.to_owned(), thread));
        Ok(())
    }

    /// Waits until somebody pulls the stop latch or a role fails, then stops everything and waits up to `grace`.
    ///
    /// # Errors
    /// The first role's failure, or that a role did not finish in time.
    pub fn wait(self, grace: Duration) -> Result<(), CrewError> {
        let Self {
            stop,
            threads,
            ended: (sender, ended),
        } = self;
        drop(sender);
        let mut running: Vec<String> = threads.iter().map(|(name, _)| name.clone()).collect();
        let mut failure = None;
        let mut deadline = None;
        while !running.is_empty() {
            if stop.is_pulled() && deadline.is_none() {
                deadline = Some(Instant::now() + grace);
            }
            match ended.recv_timeout(Duration::from_millis(100)) {
                Ok(Ended { name, failure: own }) => {
                    running.retain(|other| *other != name);
                    failure = failure.or(own);
                    stop.pull();
                }
                Err(RecvTimeoutError::Timeout) => {}
                // Every thread has ended, though not each with a word.
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if deadline.is_some_and(|deadline| deadline < Instant::now()) {
                let names = running.join(", ");
                return Err(failure.unwrap_or(CrewError::Grace {
                    names,
                    seconds: grace.as_secs(),
                }));
            }
        }
        for (_, thread) in threads {
            // What it had to say it has said.
            let _ = thread.join();
        }
        failure.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(60);

    #[test]
    fn a_role_that_panics_stops_the_others_and_is_named() {
        let stop = Stop::new();
        let mut crew = Crew::new(stop.clone());
        crew.start("fetcher", || panic!("said the test")).unwrap();
        crew.start("cleaner", move || {
            // Ends by itself in the end, so that the test fails rather than hangs.
            assert!(stop.wait(GRACE), "nobody stopped the other role");
            Ok(())
        })
        .unwrap();
        let ended = crew.wait(GRACE);
        assert!(
            matches!(&ended, Err(CrewError::Panicked { name }) if name == "fetcher"),
            "{ended:?}"
        );
    }
}
