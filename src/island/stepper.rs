//! − and + beside a count, for thumbs.

use super::{asleep, input};
use crate::locale::Locale;
use leptos::prelude::*;

/// Two buttons that lower and raise the number in the field with the id `field`.
#[island]
pub fn Stepper(
    field: String,
    /// What is counted, for who hears the buttons.
    name: String,
    locale: Locale,
) -> impl IntoView {
    let asleep = asleep();
    let step = move |by: i64| {
        if let Some(input) = input(&field) {
            input.set_value(&stepped(&input.value(), by));
        }
    };
    let less = step.clone();
    view! {
        <button type="button" class="step less" class:asleep=asleep aria-label=locale.log_less(&name) on:click=move |_| less(-1)>"−"</button>
        <button type="button" class="step" class:asleep=asleep aria-label=locale.log_more_of(&name) on:click=move |_| step(1)>"+"</button>
    }
}

/// What stands in the field after a step: below 1 it is empty, for nothing is logged as 0.
fn stepped(typed: &str, by: i64) -> String {
    let value = typed.trim().parse::<i64>().unwrap_or(0).saturating_add(by);
    if value < 1 { String::new() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::stepped;

    #[test]
    fn a_step_up_from_nothing_is_one_and_a_step_down_from_one_is_nothing() {
        assert_eq!(stepped("", 1), "1");
        assert_eq!(stepped("1", -1), "");
        assert_eq!(stepped("", -1), "");
        assert_eq!(stepped(" 41 ", 1), "42");
    }
}
