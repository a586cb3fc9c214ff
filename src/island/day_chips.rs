//! 今天 and 昨天 beside a day, for who logs in the evening or the morning after.

use super::{asleep, input};
use crate::{domain::period::Day, locale::Locale};
use leptos::prelude::*;

/// Two buttons that fill today and yesterday into the field with the id `field`.
#[island]
pub fn DayChips(field: String, today: Day, locale: Locale) -> impl IntoView {
    let asleep = asleep();
    let choose = move |day: Day| {
        if let Some(input) = input(&field) {
            input.set_value(&day.to_string());
        }
    };
    let yesterday = today.pred_opt().unwrap_or(today);
    let choose_yesterday = choose.clone();
    view! {
        <button type="button" class="step" class:asleep=asleep on:click=move |_| choose(today)>{locale.log_today()}</button>
        <button type="button" class="step" class:asleep=asleep on:click=move |_| choose_yesterday(yesterday)>{locale.log_yesterday()}</button>
    }
}
