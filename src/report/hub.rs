//! What else is made of the log: the rooms that the page of reports leads to at its foot. A room adds its line here.

use crate::locale::Locale;
use leptos::prelude::*;

/// A room's address, which takes `?unit=`, and its name.
pub type Room = (&'static str, fn(Locale) -> &'static str);

/// The rooms, in the order in which they are shown.
pub const ROOMS: &[Room] = &[
    ("/statement", Locale::report_room_statement),
    ("/claims", Locale::claim_link),
    ("/tables", Locale::table_link),
    ("/rosters", Locale::rosters_title),
    ("/inspection", Locale::inspections_title),
];

/// The list of rooms, for a unit.
pub fn rooms(locale: Locale, unit: &str) -> impl IntoView + use<> {
    let links = ROOMS
        .iter()
        .map(|(address, name)| view! { <li><a href=format!("{address}?unit={unit}")>{name(locale)}</a></li> })
        .collect_view();
    view! {
        <nav class="rooms" aria-label=locale.report_rooms()>
            <h2>{locale.report_rooms()}</h2>
            <ul>{links}</ul>
        </nav>
    }
}
