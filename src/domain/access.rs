//! Who may do what. Roles are given on units and hold at and below them.
//!
//! Rules (the contract's "Who"): admin and officer everything at and below their units; cadre activities and
//! completing events at their own units; leader reads.

use super::unit::{Unit, path_end};

crate::keyed! {
    /// What an account may do at a unit and below it.
    Role { Admin => "admin", Officer => "officer", Cadre => "cadre", Leader => "leader" }
}

/// A role on one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub unit_id: i64,
    /// The unit's path.
    pub path: String,
}

/// Somebody who has logged in, by cookie or by token, with all they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub account_id: i64,
    /// The log-in name.
    pub name: String,
    /// The name people read.
    pub display_name: String,
    pub grants: Vec<Grant>,
}

/// The units that somebody may read: every read of a store takes one, so what lies outside is *not found*.
/// Only an [`Actor`] makes one, and [`Scope::everything`] for the command line, which owns the database anyway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Vec<String>);

impl Scope {
    /// For the command line and the server's own jobs.
    pub fn everything() -> Scope {
        Scope(vec!["/".into()])
    }

    /// The topmost paths that may be read.
    pub fn paths(&self) -> &[String] {
        &self.0
    }

    /// The ranges of paths that may be read, for `path >= from and path < end`.
    pub fn ranges(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|path| (path.as_str(), path_end(path)))
    }

    pub fn contains(&self, path: &str) -> bool {
        self.0.iter().any(|own| path.starts_with(own.as_str()))
    }

    /// The part of it at and below a unit: for what has to be the same for all who may read that unit. Nothing where the
    /// reader does not.
    pub fn within(&self, unit: &Unit) -> Option<Scope> {
        self.contains(&unit.path).then(|| Scope(vec![unit.path.clone()]))
    }
}

impl Actor {
    /// What the actor may read.
    pub fn scope(&self) -> Scope {
        let mut paths: Vec<String> = self.grants.iter().map(|grant| grant.path.clone()).collect();
        paths.sort();
        paths.dedup();
        // A role on a village adds nothing to one on its town.
        let all = paths.clone();
        paths.retain(|path| !all.iter().any(|other| other != path && path.starts_with(other.as_str())));
        Scope(paths)
    }

    /// Where the actor plans: there they see drafts of events too.
    pub fn planning_scope(&self) -> Scope {
        let plans = |grant: &&Grant| matches!(grant.role, Role::Admin | Role::Officer);
        Scope(self.grants.iter().filter(plans).map(|grant| grant.path.clone()).collect())
    }

    /// Where the actor logs.
    pub fn logging_scope(&self) -> Scope {
        let logs = |grant: &&Grant| grant.role != Role::Leader;
        Scope(self.grants.iter().filter(logs).map(|grant| grant.path.clone()).collect())
    }

    fn has(&self, roles: &[Role], path: &str) -> bool {
        self.grants.iter().any(|grant| roles.contains(&grant.role) && path.starts_with(grant.path.as_str()))
    }

    pub fn may_read(&self, unit: &Unit) -> bool {
        self.has(Role::ALL, &unit.path)
    }

    /// Log, correct and withdraw activities, complete events.
    pub fn may_log(&self, unit: &Unit) -> bool {
        self.has(&[Role::Admin, Role::Officer, Role::Cadre], &unit.path)
    }

    /// Plan campaigns and events, set targets, enter stocks, change units, manage accounts at or below the unit.
    pub fn may_manage(&self, unit: &Unit) -> bool {
        self.has(&[Role::Admin, Role::Officer], &unit.path)
    }

    /// Change the catalogue, give the administrator's and the officer's role, read the audit page.
    pub fn may_administer(&self, unit: &Unit) -> bool {
        self.has(&[Role::Admin], &unit.path)
    }

    /// Whether the actor has any of these roles anywhere: decides what the navigation offers, never what is allowed.
    pub fn is_any(&self, roles: &[Role]) -> bool {
        self.grants.iter().any(|grant| roles.contains(&grant.role))
    }

    /// The unit that pages open with: the topmost one, the administrator's and officer's before the cadre's.
    pub fn home_unit_id(&self) -> Option<i64> {
        self.grants.iter().min_by_key(|grant| (grant.path.matches('/').count(), grant.role)).map(|grant| grant.unit_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unit::UnitKind;

    fn unit(id: i64, path: &str) -> Unit {
        Unit {
            id,
            code: id.to_string(),
            parent_id: None,
            path: path.into(),
            kind: UnitKind::Village,
            name: "天坪村".into(),
            short_name: "天坪村".into(),
            households: None,
            population: None,
            active_from: None,
            active_to: None,
        }
    }

    fn actor(grants: &[(Role, &str)]) -> Actor {
        let grants =
            grants.iter().map(|(role, path)| Grant { role: *role, unit_id: 1, path: (*path).into() }).collect();
        Actor { account_id: 1, name: "li".into(), display_name: "李".into(), grants }
    }

    #[test]
    fn a_cadre_of_one_village_has_nothing_in_another() {
        let li = actor(&[(Role::Cadre, "/1/5/17/")]);
        assert!(li.may_log(&unit(17, "/1/5/17/")));
        assert!(!li.may_read(&unit(18, "/1/5/18/")));
        assert!(!li.may_read(&unit(5, "/1/5/")));
        assert!(!li.may_read(&unit(171, "/1/5/171/")));
        assert!(!li.may_manage(&unit(17, "/1/5/17/")));
    }

    #[test]
    fn a_leader_reads_below_and_writes_nothing() {
        let wang = actor(&[(Role::Leader, "/1/5/")]);
        assert!(wang.may_read(&unit(17, "/1/5/17/")));
        assert!(!wang.may_log(&unit(17, "/1/5/17/")) && !wang.may_manage(&unit(5, "/1/5/")));
    }

    #[test]
    fn the_scope_names_each_topmost_unit_once() {
        let zhao = actor(&[(Role::Officer, "/1/5/"), (Role::Cadre, "/1/5/17/"), (Role::Leader, "/1/6/")]);
        assert_eq!(zhao.scope().paths(), ["/1/5/", "/1/6/"]);
        assert!(zhao.scope().contains("/1/5/99/") && !zhao.scope().contains("/1/"));
    }

    #[test]
    fn a_part_of_a_scope_is_never_more_than_the_scope() {
        let town = actor(&[(Role::Leader, "/1/5/")]).scope();
        assert_eq!(town.within(&unit(17, "/1/5/17/")).expect("below").paths(), ["/1/5/17/"]);
        assert_eq!(town.within(&unit(5, "/1/5/")), Some(town.clone()));
        assert_eq!(town.within(&unit(1, "/1/")), None);
    }
}
