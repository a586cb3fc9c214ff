//! Storing in the background: a ledger of a county takes longer than a browser waits. The work goes on when the browser is
//! closed; its page tells how far it is. When the server stops meanwhile nothing was stored, and the file still waits.

use super::{
    action::{self, Mode},
    examine::Progress,
};
use crate::{
    error::{Error, Result},
    server::context::Ctx,
};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, atomic::Ordering},
    time::Duration,
};
use uuid::Uuid;

/// How long a form waits for its work before it shows how far that is.
const AT_ONCE: Duration = Duration::from_millis(2_500);
/// The most failures that are remembered until somebody looks.
const REMEMBERED: usize = 100;

#[derive(Debug)]
enum Job {
    Running(Arc<Progress>),
    /// What kept it from being stored, in its reader's words.
    Failed(String),
}

static JOBS: LazyLock<Mutex<HashMap<Uuid, Job>>> = LazyLock::new(Mutex::default);

fn jobs() -> std::sync::MutexGuard<'static, HashMap<Uuid, Job>> {
    // Nothing panics while it holds the lock; if it did, the map is still whole.
    JOBS.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Rows done, and all rows.
    Running(usize, usize),
    Failed(String),
}

/// How far the storing of an import is, if it is being stored or failed.
pub fn stand(id: Uuid) -> Option<Stand> {
    jobs().get(&id).map(|job| match job {
        Job::Running(progress) => {
            Stand::Running(progress.done.load(Ordering::Relaxed), progress.total.load(Ordering::Relaxed))
        }
        Job::Failed(message) => Stand::Failed(message.clone()),
    })
}

/// Stores an import, and waits a moment for it: `true` when it is done, `false` while it goes on.
///
/// # Errors
/// What [`action::store_waiting`] refused within that moment.
pub async fn start(ctx: &Ctx, id: Uuid, mode: Mode) -> Result<bool> {
    let progress = Arc::new(Progress::default());
    {
        let mut jobs = jobs();
        if matches!(jobs.get(&id), Some(Job::Running(_))) {
            return Ok(false);
        }
        if jobs.len() >= REMEMBERED {
            jobs.retain(|_, job| matches!(job, Job::Running(_)));
        }
        jobs.insert(id, Job::Running(progress.clone()));
    }
    let inner = ctx.clone();
    let work = tokio::spawn(async move {
        let outcome = action::store_waiting(&inner, id, mode, &progress).await;
        match &outcome {
            Ok(_) => jobs().remove(&id),
            Err(error) => {
                error.log();
                jobs().insert(id, Job::Failed(error.message(inner.locale)))
            }
        };
        outcome
    });
    match tokio::time::timeout(AT_ONCE, work).await {
        Err(_) => Ok(false),
        Ok(outcome) => {
            let outcome = outcome.map_err(|error| {
                jobs().remove(&id);
                Error::internal(error)
            })?;
            // It is told now; the page need not say it again.
            if outcome.is_err() {
                jobs().remove(&id);
            }
            outcome.map(|_| true)
        }
    }
}
