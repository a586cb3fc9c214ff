//! Passwords: argon2id, at least eight characters, no rules about which.

use crate::{
    domain::problem::Problem,
    error::{Error, Result},
    locale::Locale,
};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// The fewest characters of a password.
pub const SHORTEST: usize = 8;
/// The most: a longer one is a mistake or an attack.
pub const LONGEST: usize = 200;

/// Each hash takes 19 MiB and a core: so many run at once, the others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// What is compared for a name that does not exist, so that the answer takes as long. It fits no password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A new password typed twice, or what is wrong with it; the fields' names are `field` and `again`.
pub fn check(locale: Locale, field: &str, password: &str, again: Option<&str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let length = password.chars().count();
    if length < SHORTEST {
        problems.push(Problem::new(field, locale.account_password_short(SHORTEST)));
    } else if length > LONGEST {
        problems.push(Problem::new(field, locale.account_password_long(LONGEST)));
    }
    if problems.is_empty() && again.is_some_and(|again| again != password) {
        problems.push(Problem::new("again", locale.account_password_differs()));
    }
    problems
}

/// What the database keeps of a password: a PHC string with its own salt.
///
/// # Errors
/// Only when the machine has no memory or no random numbers.
pub async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    work(move || {
        let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| error.to_string())?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password fits the hash. Without a hash it never does, and takes as long.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    let password: String = password.chars().take(LONGEST + 1).collect();
    let hash = hash.unwrap_or(NOBODY).to_owned();
    work(move || Ok(Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok())).await
}

async fn work<T: Send + 'static>(job: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(job).await.map_err(Error::internal)?.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash("青山绿水长流水").await.expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("青山绿水长流水", Some(&hash)).await.expect("an answer"));
        assert!(!verify("青山绿水长流", Some(&hash)).await.expect("an answer"));
    }

    #[tokio::test]
    async fn nobodys_hash_can_be_read_and_fits_nothing() {
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODY).is_ok(), "else the answer would come too early");
        assert!(!verify("", None).await.expect("an answer"));
    }

    #[test]
    fn eight_characters_of_any_kind_are_enough() {
        assert!(check(Locale::Zh, "password", "普法普法普法普法", Some("普法普法普法普法")).is_empty());
        assert_eq!(check(Locale::Zh, "password", "1234567", Some("1234567"))[0].field, "password");
        assert_eq!(check(Locale::Zh, "password", "12345678", Some("12345679"))[0].field, "again");
    }
}
