//! The shell around every page, and the one table of pages.

use crate::{
    account, activity, brief, campaign, catalogue, claim, closing, dashboard, evidence, feed, import, inspection,
    key_date, ledger, material, message, operate, outbox, plan, presign, report, responsibility, review, roster,
    schedule, server::context::Ctx, statement, table, ui, unit,
};
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

/// The document: head, and the app in the body.
pub fn shell() -> impl IntoView {
    let locale = use_context::<Ctx>().map(|ctx| ctx.locale).unwrap_or_default();
    // Without script a screen on a wall loads itself anew every minute.
    let is_wall = use_context::<Ctx>().is_some_and(|ctx| ctx.path == "/screen");
    ui::layout::protect();
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content="#faf9f6"/>
                <link rel="stylesheet" href=ui::asset("pufa.css")/>
                <link rel="icon" href=ui::asset("icon.svg") type="image/svg+xml"/>
                <link rel="manifest" href=ui::asset("manifest.webmanifest")/>
                {is_wall.then(|| view! { <noscript inner_html="<meta http-equiv=\"refresh\" content=\"60\">"></noscript> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The table of pages: an address and who renders it. Forms post to the same addresses ([`crate::server::router`]).
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=ui::page::not_found>
                <Route path=path!("/") view=dashboard::page::home/>
                <Route path=path!("/screen") view=dashboard::page::screen/>
                <Route path=path!("/setup") view=account::page::setup/>
                <Route path=path!("/login") view=account::page::log_in/>
                <Route path=path!("/link/:secret") view=account::page::login_link/>
                <Route path=path!("/me") view=account::page::me/>
                <Route path=path!("/feeds") view=feed::page::feeds/>
                <Route path=path!("/accounts") view=account::page::accounts/>
                <Route path=path!("/accounts/:name") view=account::page::account/>
                <Route path=path!("/log") view=activity::page::log/>
                <Route path=path!("/log/message") view=message::page::message/>
                <Route path=path!("/log/:type") view=activity::page::log_type/>
                <Route path=path!("/outbox") view=outbox::page::outbox/>
                <Route path=path!("/outbox/log") view=activity::page::shell/>
                <Route path=path!("/activities") view=ledger::page::ledger/>
                <Route path=path!("/activities/:id") view=activity::page::activity/>
                <Route path=path!("/activities/:id/brief") view=brief::page::activity/>
                <Route path=path!("/activities/:id/correct") view=activity::page::correct/>
                <Route path=path!("/review") view=review::page::review/>
                <Route path=path!("/review/doubles") view=review::page::doubles/>
                <Route path=path!("/activities/:id/evidence") view=evidence::page::activity_evidence/>
                <Route path=path!("/evidence") view=evidence::page::pieces/>
                <Route path=path!("/evidence/:id/uses") view=evidence::page::piece/>
                <Route path=path!("/campaigns") view=campaign::page::campaigns/>
                <Route path=path!("/campaigns/new") view=campaign::page::new_campaign/>
                <Route path=path!("/campaigns/year") view=campaign::page::draft_year/>
                <Route path=path!("/campaigns/:key") view=campaign::page::campaign/>
                <Route path=path!("/campaigns/:key/brief") view=brief::page::campaign/>
                <Route path=path!("/campaigns/:key/notice") view=campaign::page::notice/>
                <Route path=path!("/campaigns/:key/edit") view=campaign::page::edit_campaign/>
                <Route path=path!("/campaigns/:key/evidence") view=evidence::page::campaign_documents/>
                <Route path=path!("/campaigns/:key/materials") view=material::page::materials/>
                <Route path=path!("/materials/:id") view=material::page::material/>
                <Route path=path!("/countdowns/:key") view=campaign::page::countdown/>
                <Route path=path!("/responsibilities") view=responsibility::page::responsibilities/>
                <Route path=path!("/responsibilities/:id") view=responsibility::page::responsibility/>
                <Route path=path!("/events/new") view=campaign::event_page::plan_events/>
                <Route path=path!("/events/:id") view=campaign::event_page::event/>
                <Route path=path!("/events/:id/sheet") view=campaign::sheet_page::sheet/>
                <Route path=path!("/tasks") view=dashboard::tasks_page::tasks/>
                <Route path=path!("/calendar") view=campaign::event_page::calendar/>
                <Route path=path!("/key-dates") view=key_date::page::key_dates/>
                <Route path=path!("/key-dates/:key") view=key_date::page::key_date/>
                <Route path=path!("/holidays") view=key_date::page::holidays/>
                <Route path=path!("/blackouts") view=key_date::page::blackouts/>
                <Route path=path!("/goals") view=plan::page::goals/>
                <Route path=path!("/goals/:indicator") view=plan::page::goal/>
                <Route path=path!("/gaps") view=schedule::page::gaps/>
                <Route path=path!("/schedule/propose") view=schedule::page::propose/>
                <Route path=path!("/plans") view=plan::page::plans/>
                <Route path=path!("/plans/:key") view=plan::page::plan/>
                <Route path=path!("/plans/:key/next") view=plan::page::rollover/>
                <Route path=path!("/indicators") view=plan::page::indicators/>
                <Route path=path!("/indicators/:key") view=plan::page::indicator/>
                <Route path=path!("/indicators/:key/evidence") view=evidence::page::indicator_documents/>
                <Route path=path!("/targets/:id") view=plan::page::target/>
                <Route path=path!("/stocks") view=plan::page::stocks/>
                <Route path=path!("/rosters") view=roster::page::rosters/>
                <Route path=path!("/rosters/erase") view=roster::page::erase/>
                <Route path=path!("/rosters/:kind") view=roster::page::roster/>
                <Route path=path!("/rosters/:kind/import") view=roster::page::paste/>
                <Route path=path!("/rosters/:kind/:id") view=roster::page::entry/>
                <Route path=path!("/rosters/:kind/:id/evidence") view=evidence::page::roster_documents/>
                <Route path=path!("/inspection") view=inspection::page::inspections/>
                <Route path=path!("/inspection/:id") view=inspection::page::inspection/>
                <Route path=path!("/inspection/:id/items/:item") view=inspection::page::item/>
                <Route path=path!("/inspection/:id/items/:item/evidence") view=evidence::page::inspection_documents/>
                <Route path=path!("/inspection/:id/print") view=inspection::page::print/>
                <Route path=path!("/surveys") view=plan::page::surveys/>
                <Route path=path!("/milestones") view=plan::page::milestones/>
                <Route path=path!("/report") view=report::page::annual/>
                <Route path=path!("/claims") view=claim::page::claims/>
                <Route path=path!("/reports/new") view=report::paper::page::new_report/>
                <Route path=path!("/reports/:id") view=report::paper::page::report/>
                <Route path=path!("/reports/:id/check") view=presign::page::check/>
                <Route path=path!("/reports/:id/edit") view=report::paper::page::edit/>
                <Route path=path!("/reports/:id/quotes") view=report::paper::page::quotes/>
                <Route path=path!("/closing") view=closing::page::closing/>
                <Route path=path!("/import") view=import::page::imports/>
                <Route path=path!("/import/:id") view=import::page::import/>
                <Route path=path!("/tables") view=table::page::tables/>
                <Route path=path!("/tables/forms") view=table::page::table_forms/>
                <Route path=path!("/tables/sent/:id") view=table::page::sent/>
                <Route path=path!("/tables/templates") view=table::page::templates/>
                <Route path=path!("/tables/templates/:id") view=table::page::template/>
                <Route path=path!("/statement") view=statement::page::statement/>
                <Route path=path!("/settings") view=operate::page::settings/>
                <Route path=path!("/units") view=unit::page::units/>
                <Route path=path!("/units/:code") view=unit::page::unit/>
                <Route path=path!("/catalogue") view=catalogue::page::catalogue/>
                <Route path=path!("/catalogue/:kind") view=catalogue::page::order/>
                <Route path=path!("/catalogue/:kind/:key") view=catalogue::page::entry/>
                <Route path=path!("/audit") view=operate::page::audit/>
                <Route path=path!("/feedback") view=operate::page::feedback/>
            </Routes>
        </Router>
    }
}
