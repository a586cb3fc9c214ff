//! What has to be true of an event before it is stored, and what is looked up once for many.

use super::{event_store::Content, store};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        campaign::Campaign,
        catalogue::Catalogue,
        event::{Draft, Event, day_of, lies_in},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};
use std::collections::BTreeMap;

/// What was looked up for the events before: many of them name the same campaign and the same words.
#[derive(Default)]
pub struct Known {
    units: BTreeMap<String, Option<Unit>>,
    campaigns: BTreeMap<String, Option<Campaign>>,
    catalogues: BTreeMap<i64, Catalogue>,
}

impl Known {
    /// The unit with this code, if there is one; who may not manage it is refused.
    pub async fn unit_to_manage(&mut self, ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<Option<Unit>> {
        let code = code.trim();
        if let Some(known) = self.units.get(code) {
            return Ok(known.clone());
        }
        let unit = match unit::store::by_code(conn, &Scope::everything(), code).await {
            Err(Error::NotFound) => None,
            other => Some(other?),
        };
        if let Some(unit) = &unit
            && !ctx.actor()?.may_manage(unit)
        {
            return Err(Error::Forbidden);
        }
        self.units.insert(code.to_owned(), unit.clone());
        Ok(unit)
    }

    /// The campaign with this key, if the reader finds one.
    pub async fn campaign(&mut self, ctx: &Ctx, conn: &mut Conn, key: &str) -> Result<Option<Campaign>> {
        if let Some(known) = self.campaigns.get(key) {
            return Ok(known.clone());
        }
        let campaign = match store::by_key(conn, &ctx.scope()?, key).await {
            Err(Error::NotFound) => None,
            other => Some(other?),
        };
        self.campaigns.insert(key.to_owned(), campaign.clone());
        Ok(campaign)
    }

    /// The id of a type of activity that the unit sees and that is in use.
    async fn type_id(&mut self, conn: &mut Conn, unit: &Unit, key: &str) -> Result<Option<i64>> {
        let catalogue = match self.catalogues.entry(unit.id) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(catalogue::store::visible(conn, unit).await?)
            }
        };
        Ok(catalogue.activity_type(key).filter(|found| !found.retired).map(|found| found.id))
    }

    /// What a new event is made of, unless something is wrong.
    pub async fn new_event(
        &mut self,
        ctx: &Ctx,
        conn: &mut Conn,
        draft: &Draft,
        problems: &mut Problems,
    ) -> Result<Option<(Campaign, Content)>> {
        let unit = self.unit_to_manage(ctx, conn, &draft.unit).await?;
        match (&unit, draft.unit.as_str()) {
            (Some(_), _) => {}
            (None, "") => problems.add("unit", ctx.locale.event_units_missing()),
            (None, code) => problems.add("unit", ctx.locale.campaign_unit_unknown(code)),
        }
        let campaign = self.campaign(ctx, conn, &draft.campaign).await?;
        if campaign.is_none() {
            problems.add("campaign", ctx.locale.event_campaign_unknown(&draft.campaign));
        }
        let content = self.check(ctx, conn, draft, unit.as_ref(), campaign.as_ref(), None, problems).await?;
        Ok(campaign.zip(content))
    }

    /// What is stored of a draft, unless something is wrong. `former` is the event as it was and whether the new one
    /// is cancelled: what did not change is not asked about again, and a cancelled event need not be possible.
    #[expect(
        clippy::too_many_arguments,
        reason = "a draft is held against all of these, and they come from two callers"
    )]
    pub async fn check(
        &mut self,
        ctx: &Ctx,
        conn: &mut Conn,
        draft: &Draft,
        unit: Option<&Unit>,
        campaign: Option<&Campaign>,
        former: Option<(&Event, bool)>,
        problems: &mut Problems,
    ) -> Result<Option<Content>> {
        let locale = ctx.locale;
        let times = draft.check(locale, problems);
        let stays = former.is_some_and(|(former, cancelled)| {
            cancelled || times == Some((former.starts_at, former.ends_at)) && draft.unit == former.unit.code
        });
        let reopens = former.is_some_and(|(former, cancelled)| former.cancelled && !cancelled);
        if former.is_some_and(|(former, _)| draft.draft && !former.draft) {
            problems.add("draft", locale.event_released_stays());
        }
        if let Some(campaign) = campaign {
            if campaign.cancelled && (former.is_none() || reopens) {
                problems.add("campaign", locale.event_campaign_cancelled());
            }
            if let Some((starts_at, ends_at)) = times
                && !stays
                && !lies_in(campaign.period, starts_at, ends_at)
            {
                problems.add("starts_at", locale.event_outside(campaign.period.from, campaign.period.to));
            }
        }
        if let (Some(unit), Some((starts_at, _))) = (unit, times)
            && !stays
            && !unit.is_active(day_of(starts_at))
        {
            problems.add("unit", locale.event_unit_closed(&unit.short_name));
        }
        let key = draft.activity_type.trim();
        let type_id = match (former.and_then(|(former, _)| former.activity_type.as_ref()), unit) {
            (Some(kept), _) if kept.key == key => Some(kept.id),
            _ if key.is_empty() => None,
            (_, None) => None,
            (_, Some(unit)) => {
                let found = self.type_id(conn, unit, key).await?;
                if found.is_none() {
                    problems.add("type", locale.event_type_unknown(key));
                }
                found
            }
        };
        let (Some(unit), Some((starts_at, ends_at))) = (unit, times) else { return Ok(None) };
        Ok(Some(Content {
            unit_id: unit.id,
            type_id,
            day: day_of(starts_at),
            starts_at,
            ends_at,
            lead: draft.lead.trim().to_owned(),
            place: draft.place.trim().to_owned(),
            draft: draft.draft,
        }))
    }
}
