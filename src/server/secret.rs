//! Secrets: made here, kept only as their SHA-256.

use rand::Rng as _;
use sha2::{Digest, Sha256};

/// 256 random bits in hexadecimal: a session, a one-time link, a bearer token.
pub fn new() -> String {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// What the database keeps of a secret.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
