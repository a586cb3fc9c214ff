//! Who may give which role, and change whose account. Pure.

use crate::domain::access::{Actor, Grant, Role};

/// Whether the actor may give this role on the unit with this path: administrators every role, officers cadre and
/// leader, each at and below their own units.
pub fn may_give(actor: &Actor, role: Role, path: &str) -> bool {
    let needed: &[Role] = match role {
        Role::Admin | Role::Officer => &[Role::Admin],
        Role::Cadre | Role::Leader => &[Role::Admin, Role::Officer],
    };
    actor.grants.iter().any(|own| needed.contains(&own.role) && path.starts_with(own.path.as_str()))
}

/// Whether the actor may change, close or hand over an account with these roles: only if each of them is one the
/// actor could give. Nobody changes their own account here.
pub fn may_change(actor: &Actor, account_id: i64, grants: &[Grant]) -> bool {
    actor.account_id != account_id && grants.iter().all(|grant| may_give(actor, grant.role, &grant.path))
}

/// The actor with those roles only that manage: what such an actor may read is what this one may manage.
pub fn as_manager(actor: &Actor) -> Actor {
    let mut actor = actor.clone();
    actor.grants.retain(|grant| matches!(grant.role, Role::Admin | Role::Officer));
    actor
}

/// A log-in name as it is stored and looked up: without space around it, in small letters (phones write capitals).
pub fn tidy_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether a log-in name may be given: 2 to 40 letters of any script, digits, `.`, `-`, `_`.
pub fn is_name(name: &str) -> bool {
    (2..=40).contains(&name.chars().count())
        && name.chars().all(|letter| letter.is_alphanumeric() || ".-_".contains(letter))
        && !name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(grants: &[(Role, &str)]) -> Actor {
        let grants =
            grants.iter().map(|(role, path)| Grant { role: *role, unit_id: 1, path: (*path).into() }).collect();
        Actor { account_id: 1, name: "qian".into(), display_name: "钱芳".into(), grants }
    }

    #[test]
    fn an_officer_gives_cadre_and_leader_below_and_nothing_above() {
        let officer = actor(&[(Role::Officer, "/1/5/"), (Role::Leader, "/1/6/")]);
        assert!(may_give(&officer, Role::Cadre, "/1/5/17/") && may_give(&officer, Role::Leader, "/1/5/"));
        assert!(!may_give(&officer, Role::Officer, "/1/5/17/") && !may_give(&officer, Role::Admin, "/1/5/"));
        assert!(!may_give(&officer, Role::Cadre, "/1/6/18/") && !may_give(&officer, Role::Leader, "/1/"));
        assert_eq!(as_manager(&officer).scope().paths(), ["/1/5/"]);
    }

    #[test]
    fn an_account_with_a_role_elsewhere_is_not_the_officers_to_change() {
        let officer = actor(&[(Role::Officer, "/1/5/")]);
        let grant = |role, path: &str| Grant { role, unit_id: 1, path: path.into() };
        assert!(may_change(&officer, 2, &[grant(Role::Cadre, "/1/5/17/")]));
        assert!(!may_change(&officer, 2, &[grant(Role::Cadre, "/1/5/17/"), grant(Role::Cadre, "/1/6/18/")]));
        assert!(!may_change(&officer, 2, &[grant(Role::Officer, "/1/5/")]));
        assert!(!may_change(&officer, 1, &[grant(Role::Cadre, "/1/5/17/")]));
    }

    #[test]
    fn names_are_letters_of_any_script() {
        assert_eq!(tidy_name(" Sun "), "sun");
        assert!(is_name("孙丽") && is_name("tianping-2"));
        assert!(!is_name("a") && !is_name("a b") && !is_name("a/b") && !is_name("..") && !is_name("x<y"));
    }
}
