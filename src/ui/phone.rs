//! What a page gives the phone's scripts (`public/`): who is logged in, the server's clock, the words; and the line
//! that says whether there is a network and what waits to be sent.

use crate::{
    domain::access::Role,
    locale::Locale,
    server::{clock, context::Ctx},
};
use leptos::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// Whether the reader logs activities: only then something can wait on the device.
pub fn may_log(ctx: &Ctx) -> bool {
    ctx.someone.as_deref().is_some_and(|actor| actor.is_any(&[Role::Admin, Role::Officer, Role::Cadre]))
}

/// The server's clock in milliseconds since 1970, on the server's day: they only differ where a test is in another year.
fn clock_of(ctx: &Ctx) -> i64 {
    (ctx.now + (ctx.today - clock::day_of(ctx.now))).timestamp_millis()
}

/// The line, and the scripts behind the page. On pages of `section` /log the line always has its place, so that nothing
/// moves when it comes.
#[component]
pub fn Phone(section: &'static str) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let account = ctx.someone.as_deref().map(|actor| actor.name.clone()).unwrap_or_default();
    let always = section == "/log";
    view! {
        <p id="net" class="net" aria-live="polite" hidden=!always data-always=always.then_some("1")></p>
        <div id="phone" hidden=true data-account=account data-now=clock_of(&ctx).to_string()
            data-build=crate::server::asset::fingerprint() data-words=words(ctx.locale)></div>
        <script src=super::asset("outbox.js") defer=true></script>
        <script src=super::asset("phone.js") defer=true></script>
    }
}

/// What `phone.js` says, in the reader's language, as JSON. `{n}` and the like are filled in by the browser.
fn words(locale: Locale) -> String {
    let words: BTreeMap<&str, String> = BTreeMap::from([
        ("online", locale.outbox_online().into()),
        ("offline", locale.outbox_offline().into()),
        ("join", locale.outbox_join().into()),
        ("and", locale.outbox_and().into()),
        ("waits_entries", locale.outbox_waits_entries("{n}")),
        ("waits_pictures", locale.outbox_waits_pictures("{n}")),
        ("refused", locale.outbox_refused("{n}")),
        ("login", locale.outbox_login("{n}")),
        ("login_do", locale.log_in().into()),
        ("account", locale.outbox_account().into()),
        ("no_worker", locale.outbox_no_worker().into()),
        ("plain", locale.outbox_plain().into()),
        ("look", locale.outbox_look().into()),
        ("not_sent", locale.outbox_not_sent().into()),
        ("not_sent_title", locale.outbox_not_sent_title().into()),
        ("not_sent_keep", locale.outbox_not_sent_keep().into()),
        ("send_again", locale.outbox_send_again().into()),
        ("exact", locale.figure_exact("{unit}", "{n}")),
        ("at_least", locale.figure_at_least("{unit}", "{n}")),
        ("estimate", locale.figure_estimate("{unit}", "{n}")),
        ("count_wrong", locale.log_count_malformed().into()),
        ("date_wrong", locale.log_date_malformed().into()),
        ("no_quantity", locale.activity_no_quantity().into()),
        ("manner_missing", locale.log_manner_missing().into()),
        ("please_check", locale.please_check().into()),
        ("draft", locale.outbox_draft().into()),
        ("draft_clear", locale.outbox_draft_clear().into()),
        ("picture", locale.outbox_picture("{n}")),
        ("remove", locale.outbox_remove().into()),
        ("remove_picture", locale.outbox_remove_picture("{n}")),
        ("remove_sure", locale.outbox_remove_sure("{figures}")),
        ("remove_maybe", locale.outbox_remove_maybe("{figures}")),
        ("no_room", locale.outbox_no_room().into()),
        ("edit_late", locale.outbox_edit_late().into()),
        ("saved", locale.log_saved("{figures}")),
        ("saved_many", locale.log_saved_many("{n}", "{figures}")),
        ("kept", locale.outbox_kept("{figures}")),
        ("another", locale.entry_again().into()),
        ("state_waiting", locale.outbox_state_waiting().into()),
        ("state_refused", locale.outbox_state_refused().into()),
        ("state_sent", locale.outbox_state_sent().into()),
        ("pictures_of", locale.outbox_pictures_of("{all}", "{done}")),
        ("receipt", locale.outbox_receipt("{at}")),
        ("show", locale.show().into()),
        ("retry", locale.outbox_retry().into()),
        ("edit", locale.edit().into()),
        ("nothing_waits", locale.outbox_nothing().into()),
        ("sent_list", locale.outbox_sent_list("{n}")),
        ("imported", locale.outbox_imported("{n}")),
        ("import_wrong", locale.outbox_import_wrong().into()),
        ("no", locale.cancel().into()),
        ("log_out", locale.log_out().into()),
        ("log_out_sure", locale.outbox_log_out_sure("{m}", "{n}")),
    ]);
    json!(words).to_string()
}
