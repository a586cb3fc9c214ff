//! How often somebody may try to log in: by the address at the other end of the connection and by account name,
//! never by a header that the client writes. Whoever succeeds starts afresh.

use crate::error::{Error, Result};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// One name from one address: so many attempts at once, then one per [`PAIR_REFILL`].
const PAIR_BURST: u32 = 8;
const PAIR_REFILL: Duration = Duration::from_secs(15);
/// One name from anywhere: whoever guesses from many addresses is slowed down, the owner hardly.
const NAME_BURST: u32 = 60;
const NAME_REFILL: Duration = Duration::from_secs(10);
/// One address: a whole town hall may sit behind it.
const PEER_BURST: u32 = 120;
const PEER_REFILL: Duration = Duration::from_secs(1);
/// Names that are remembered; beyond it the oldest knowledge is dropped, which the address's own limit makes dear.
const MOST_KEYS: usize = 20_000;

/// The counters of one server; cheap to clone.
#[derive(Clone)]
pub struct LoginLimit(Arc<Counters>);

struct Counters {
    clock: DefaultClock,
    peers: DefaultKeyedRateLimiter<Option<IpAddr>>,
    pairs: Mutex<HashMap<(Option<IpAddr>, String), DefaultDirectRateLimiter>>,
    names: Mutex<HashMap<String, DefaultDirectRateLimiter>>,
}

fn quota(burst: u32, refill: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(refill).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

impl Default for LoginLimit {
    fn default() -> LoginLimit {
        LoginLimit(Arc::new(Counters {
            clock: DefaultClock::default(),
            peers: RateLimiter::keyed(quota(PEER_BURST, PEER_REFILL)),
            pairs: Mutex::default(),
            names: Mutex::default(),
        }))
    }
}

impl std::fmt::Debug for LoginLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginLimit")
    }
}

impl LoginLimit {
    /// Counts an attempt.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the seconds to wait; the password is not even looked at then.
    pub fn attempt(&self, peer: Option<IpAddr>, name: &str) -> Result<()> {
        let peer = peer.map(network);
        let counters = &self.0;
        let now = counters.clock.now();
        let wait = |until: governor::NotUntil<_>| Error::TooMany(until.wait_time_from(now).as_secs() + 1);
        if counters.peers.len() > MOST_KEYS {
            counters.peers.retain_recent();
        }
        counters.peers.check_key(&peer).map_err(wait)?;
        let mut pairs = counters.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        if pairs.len() > MOST_KEYS {
            pairs.clear();
        }
        let pair = pairs.entry((peer, name.to_owned()));
        pair.or_insert_with(|| RateLimiter::direct(quota(PAIR_BURST, PAIR_REFILL))).check().map_err(wait)?;
        let mut names = counters.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() > MOST_KEYS {
            names.clear();
        }
        let name = names.entry(name.to_owned());
        name.or_insert_with(|| RateLimiter::direct(quota(NAME_BURST, NAME_REFILL))).check().map_err(wait)
    }

    /// The attempt succeeded: what was counted against this name is forgotten.
    pub fn succeeded(&self, peer: Option<IpAddr>, name: &str) {
        let key = (peer.map(network), name.to_owned());
        self.0.pairs.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        self.0.names.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

/// Whoever has one IPv6 address has 2⁶⁴ of them: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_guesses_has_to_wait_and_whoever_knows_does_not() {
        let limit = LoginLimit::default();
        let peer = Some(IpAddr::from([192, 168, 1, 7]));
        for _ in 0..PAIR_BURST {
            limit.attempt(peer, "sun").expect("an attempt is free");
        }
        assert!(matches!(limit.attempt(peer, "sun"), Err(Error::TooMany(1..=16))));
        limit.attempt(peer, "li").expect("another name from the same office");
        limit.attempt(Some(IpAddr::from([192, 168, 1, 8])), "sun").expect("the owner from elsewhere");
        for _ in 0..50 {
            limit.attempt(peer, "zhou").expect("every attempt succeeded");
            limit.succeeded(peer, "zhou");
        }
    }

    #[test]
    fn neighbouring_ipv6_addresses_count_as_one() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_eq!(of("::ffff:10.0.0.1"), IpAddr::from([10, 0, 0, 1]));
    }
}
