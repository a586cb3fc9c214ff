//! The days of a month that say something, one below the other.

use super::{
    Shown,
    cell::{key_dates, lunar_text, tags},
};
use crate::{
    campaign::{
        event_page::warning_list,
        view::{day_text, event_task, period_text},
    },
    domain::event::{Event, State},
    server::context::Ctx,
};
use leptos::prelude::*;

pub(super) fn view(ctx: &Ctx, shown: &Shown) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let running = (!shown.campaigns.is_empty()).then(|| {
        let items = shown
            .campaigns
            .iter()
            .filter(|campaign| campaign.period.intersection(shown.asked.period()).is_some())
            .map(|campaign| {
                view! {
                    <li>
                        <a href=campaign.address.clone()>{campaign.text(locale)}</a>
                        " "<span class="muted">{period_text(locale, campaign.period)}</span>
                    </li>
                }
            })
            .collect_view();
        view! { <section><h2>{locale.calendar_campaigns()}</h2><ul>{items}</ul></section> }
    });
    let days: Vec<_> = shown
        .asked
        .period()
        .each_day()
        .filter_map(|day| {
            let own: Vec<&Event> = shown.on(day).collect();
            let dates = key_dates(ctx, shown, day);
            if own.is_empty() && dates.is_none() {
                return None;
            }
            let items = own
                .into_iter()
                .map(|event| {
                    let against = shown.warnings.get(&event.id).filter(|_| event.state(ctx.today) == State::Planned);
                    view! { {event_task(ctx, event)} {against.map(|own| view! { <li>{warning_list(ctx, own)}</li> })} }
                })
                .collect_view();
            Some(view! {
                <section id=format!("d-{day}") class="list-day">
                    <h2>
                        {day_text(locale, day)}" "<span class="lunar">{lunar_text(locale, day)}</span>" "
                        {tags(ctx, shown, day)}
                    </h2>
                    {dates}
                    <ul class="tasks">{items}</ul>
                </section>
            })
        })
        .collect();
    let empty = (days.is_empty() && shown.campaigns.is_empty()).then(|| {
        view! {
            <div class="empty">
                <p>{locale.calendar_empty()}</p>
                <p><a class="button" href="/campaigns">{locale.nav_campaigns()}</a></p>
            </div>
        }
    });
    view! { {running}{days}{empty} }
}
