//! Who listens, and the one task that looks for all of them whether something was written.

use super::store;
use crate::{
    error::{Error, Result},
    server::{clock, db::Db},
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How often the database is asked while somebody listens: one look-up by key.
const EVERY: Duration = Duration::from_millis(500);
/// The longest pause while the database does not answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Every how many looks it is asked whose sessions still run.
const SESSIONS_EVERY: u32 = 4;
/// How much is read at once; what is behind it is read by the next look.
const AT_ONCE: i64 = 500;
/// How many may listen at once, and how many with one account; more are told to come back.
const MOST: usize = 600;
pub(super) const MOST_OF_ONE: usize = 16;
/// After how many seconds one who is told so may come back.
const COME_BACK: u64 = 60;

/// All who listen on this server. One that was not started, or was stopped, ends every stream at once.
#[derive(Clone, Debug, Default)]
pub struct Hub(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    runs: bool,
    /// The last entry of the audit log that all listeners know; `None` while nobody listens.
    newest: Option<i64>,
    listeners: Vec<Listener>,
}

#[derive(Debug)]
struct Listener {
    account_id: i64,
    /// `None` for a program with a token.
    session_id: Option<i64>,
    /// The path of the unit.
    path: String,
    /// Holds one call, for two say no more than one. Dropped, it ends the stream.
    call: Sender<()>,
}

/// Whether what was written at one unit may change what is shown of another: it lies below, or above, from where goals
/// and the catalogue come down.
pub fn concerns(written: &str, shown: &str) -> bool {
    written.starts_with(shown) || shown.starts_with(written)
}

impl Hub {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to look, until [`Hub::stop`].
    pub fn start(&self, db: Db) {
        self.state().runs = true;
        let hub = self.clone();
        tokio::spawn(async move {
            let (mut turn, mut pause) = (0_u32, EVERY);
            while hub.state().runs {
                tokio::time::sleep(pause).await;
                match hub.look(&db, turn % SESSIONS_EVERY == 0).await {
                    Ok(()) => pause = EVERY,
                    Err(error) => {
                        error.log();
                        pause = (pause * 2).min(LONGEST_PAUSE);
                    }
                }
                turn = turn.wrapping_add(1);
            }
        });
    }

    /// Ends every stream: the server wants to stop.
    pub fn stop(&self) {
        let mut state = self.state();
        state.runs = false;
        state.listeners.clear();
    }

    /// One more who listens at a unit; `newest` is the last entry of the audit log that they know.
    ///
    /// # Errors
    /// [`Error::TooMany`] where too many listen already.
    pub(super) fn listen(
        &self,
        account_id: i64,
        session_id: Option<i64>,
        path: &str,
        newest: i64,
    ) -> Result<Receiver<()>> {
        let mut state = self.state();
        state.listeners.retain(|listener| !listener.call.is_closed());
        let own = state.listeners.iter().filter(|listener| listener.account_id == account_id).count();
        if state.listeners.len() >= MOST || own >= MOST_OF_ONE {
            return Err(Error::TooMany(COME_BACK));
        }
        let (call, heard) = channel(1);
        if state.runs {
            state.newest = Some(state.newest.map_or(newest, |known| known.min(newest)));
            state.listeners.push(Listener { account_id, session_id, path: path.to_owned(), call });
        }
        Ok(heard)
    }

    /// Calls those whom it concerns what was written since the last look; sends away those whose session has ended.
    async fn look(&self, db: &Db, sessions_too: bool) -> Result<()> {
        let (newest, sessions) = {
            let mut state = self.state();
            state.listeners.retain(|listener| !listener.call.is_closed());
            if state.listeners.is_empty() {
                state.newest = None;
            }
            let sessions: BTreeSet<i64> = state.listeners.iter().filter_map(|listener| listener.session_id).collect();
            (state.newest, sessions)
        };
        let Some(newest) = newest else { return Ok(()) };
        let mut conn = db.read().await?;
        let written = store::after(&mut conn, newest, AT_ONCE).await?;
        let running: Option<BTreeSet<i64>> = match sessions_too && !sessions.is_empty() {
            true => {
                let asked: Vec<i64> = sessions.iter().copied().collect();
                Some(store::running(&mut conn, &asked, clock::now()).await?.into_iter().collect())
            }
            false => None,
        };
        drop(conn);
        let mut state = self.state();
        if let Some(running) = running {
            // Who came meanwhile was not asked about.
            let has_ended = |id: &i64| sessions.contains(id) && !running.contains(id);
            state.listeners.retain(|listener| !listener.session_id.as_ref().is_some_and(has_ended));
        }
        let Some(last) = written.last() else { return Ok(()) };
        state.newest = state.newest.map(|_| last.id);
        for listener in &state.listeners {
            if written.iter().filter_map(|one| one.path.as_deref()).any(|path| concerns(path, &listener.path)) {
                // Full: they are called already.
                let _ = listener.call.try_send(());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::concerns;

    #[test]
    fn what_lies_below_and_above_concerns_a_unit_and_what_lies_beside_does_not() {
        assert!(concerns("/1/5/17/", "/1/5/") && concerns("/1/", "/1/5/") && concerns("/1/5/", "/1/5/"));
        assert!(!concerns("/1/6/", "/1/5/") && !concerns("/1/57/", "/1/5/"));
    }
}
