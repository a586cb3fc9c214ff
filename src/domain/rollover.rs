//! From one plan to the next (规划衔接): which of the next plan's indicators goes on where one of the former's ended, so that
//! both plans stand on one line.

use super::target::Plan;

crate::keyed! {
    /// What became of an indicator when a plan followed another.
    Relation {
        /// It is asked about as before.
        Same => "same",
        /// Another one, which counts otherwise, stands in its place.
        Changed => "changed",
        /// Nobody asks about it any more.
        Dropped => "dropped",
        /// Nothing went before it.
        New => "new",
    }
}

/// One line of what was settled between two plans: at least one of the indicators is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub id: i64,
    /// Who settled it, for itself and below.
    pub unit_id: i64,
    pub former_plan_id: i64,
    pub plan_id: i64,
    pub former_indicator_id: Option<i64>,
    pub indicator_id: Option<i64>,
}

impl Mapping {
    pub fn relation(&self) -> Relation {
        match (self.former_indicator_id, self.indicator_id) {
            (Some(former), Some(now)) if former == now => Relation::Same,
            (Some(_), Some(_)) => Relation::Changed,
            (Some(_), None) => Relation::Dropped,
            (None, _) => Relation::New,
        }
    }
}

/// What holds at the last unit of `ancestry`: between two plans the lines of the nearest unit that settled anything.
pub fn holding(mappings: Vec<Mapping>, ancestry: &[i64]) -> Vec<Mapping> {
    let level = |one: &Mapping| ancestry.iter().position(|id| *id == one.unit_id);
    let nearest = |one: &Mapping| {
        let same = |other: &&Mapping| (other.former_plan_id, other.plan_id) == (one.former_plan_id, one.plan_id);
        mappings.iter().filter(same).filter_map(level).max()
    };
    mappings.iter().filter(|one| level(one).is_some() && level(one) == nearest(one)).cloned().collect()
}

/// The indicator that stands for `indicator` in each of `plans`, which follow each other: the same one where nobody settled
/// anything, none where it was dropped or had nothing before it.
pub fn line(plans: &[Plan], mappings: &[Mapping], indicator: i64) -> Vec<Option<i64>> {
    let between = |at: usize| {
        let pair = plans.get(at).zip(plans.get(at + 1));
        mappings.iter().filter(move |one| {
            pair.is_some_and(|(former, next)| (one.former_plan_id, one.plan_id) == (former.id, next.id))
        })
    };
    // Where it is named last: what came into a plan is looked for from there, what ended with one from there.
    let came = |at: &usize| *at > 0 && between(at - 1).any(|one| one.indicator_id == Some(indicator));
    let went = |at: &usize| between(*at).any(|one| one.former_indicator_id == Some(indicator));
    let last = plans.len().saturating_sub(1);
    let start = (0..plans.len()).rev().find(|at| came(at) || went(at)).unwrap_or(last);
    let mut found = vec![None; plans.len()];
    let Some(place) = found.get_mut(start) else { return found };
    *place = Some(indicator);
    for at in start..last {
        found[at + 1] = found[at].and_then(|id| match between(at).find(|one| one.former_indicator_id == Some(id)) {
            Some(one) => one.indicator_id,
            None => Some(id),
        });
    }
    for at in (0..start).rev() {
        found[at] = found[at + 1].and_then(|id| match between(at).find(|one| one.indicator_id == Some(id)) {
            Some(one) => one.former_indicator_id,
            None => Some(id),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::period::Period;

    fn plans() -> Vec<Plan> {
        let plan = |id: i64| {
            let year = 2016 + (id as i32 - 7) * 5;
            let period = Period { from: Period::year(year).from, to: Period::year(year + 4).to };
            Plan { id, key: format!("plan-{id}"), unit_id: None, name: String::new(), name_en: None, period }
        };
        vec![plan(7), plan(8), plan(9)]
    }

    fn mapped(unit_id: i64, plan_id: i64, former: Option<i64>, now: Option<i64>) -> Mapping {
        let former_plan_id = plan_id - 1;
        Mapping { id: 0, unit_id, former_plan_id, plan_id, former_indicator_id: former, indicator_id: now }
    }

    #[test]
    fn what_nobody_settled_goes_on_as_it_is() {
        assert_eq!(line(&plans(), &[], 1), [Some(1), Some(1), Some(1)]);
    }

    #[test]
    fn an_indicator_is_followed_through_what_took_its_place() {
        let settled = [mapped(1, 9, Some(1), Some(5)), mapped(1, 9, Some(2), None), mapped(1, 9, None, Some(6))];
        assert_eq!(line(&plans(), &settled, 5), [Some(1), Some(1), Some(5)]);
        assert_eq!(line(&plans(), &settled, 1), [Some(1), Some(1), Some(5)]);
        assert_eq!(line(&plans(), &settled, 2), [Some(2), Some(2), None], "dropped");
        assert_eq!(line(&plans(), &settled, 6), [None, None, Some(6)], "new");
        assert_eq!(settled.map(|one| one.relation()), [Relation::Changed, Relation::Dropped, Relation::New]);
        assert_eq!(line(&[], &[], 1), []);
    }

    #[test]
    fn a_chain_of_plans_is_one_line() {
        let settled = [mapped(1, 8, Some(1), Some(2)), mapped(1, 9, Some(2), Some(3))];
        for any in 1..=3 {
            assert_eq!(line(&plans(), &settled, any), [Some(1), Some(2), Some(3)]);
        }
    }

    #[test]
    fn the_nearest_unit_settles() {
        let county = mapped(1, 9, Some(1), None);
        let town = mapped(5, 9, Some(1), Some(1));
        let elsewhere = mapped(6, 9, Some(1), Some(9));
        let all = vec![county.clone(), town.clone(), elsewhere];
        assert_eq!(holding(all.clone(), &[1, 5, 17]), [town]);
        assert_eq!(holding(all, &[1, 4]), [county]);
    }
}
