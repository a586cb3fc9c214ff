//! What is done to the catalogue: who may, what is checked, what is kept. Built-in entries are changed by nobody.

use super::{store, write_store};
use crate::{
    domain::{
        access::Scope,
        catalogue::{ActivityType, Catalogue, EntryKind, EvidencePolicy, Theme, is_key},
        measure::{Form, Measure, Wording},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit,
};
use serde_json::{Value, json};

pub use super::{
    change_action::{change_measure, change_theme, change_type, retire},
    word_action::{as_above, move_entry, unword, word},
};

/// The longest name and phrase, and the longest counting rule, in characters.
pub(super) const LONGEST_NAME: usize = 60;
const LONGEST_RULE: usize = 1000;
/// The longest counter after a figure, in characters.
const LONGEST_UNIT_WORD: usize = 12;
/// The coarsest step of rounding.
const MOST_STEP: i64 = 1_000_000;
/// The last place in the report's first sentence.
const LAST_OPENING: i64 = 99;

/// How a measure is put into the official sentence, as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct WordingDraft {
    /// `more`, `above` or `hundreds`.
    pub form: Option<String>,
    /// The words around the figure; without `{figure}` it stands at their end.
    pub phrase: Option<String>,
    pub ten_thousands: Option<bool>,
    /// A step of rounding coarser than the law's; 0 for none.
    pub step: Option<i64>,
    /// Its place in the report's first sentence; 0 for a sentence of its own.
    pub opening: Option<i64>,
    /// The key of a measure with which it shares one clause; empty: with none.
    pub shared_with: Option<String>,
    /// The words around the figure of both together.
    pub together: Option<String>,
}

/// A measure as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct MeasureDraft {
    /// The code of the unit it belongs to, by default the writer's own.
    pub unit: Option<String>,
    /// Without one, a free one is chosen.
    pub key: Option<String>,
    pub name: String,
    pub name_en: Option<String>,
    pub unit_word: String,
    pub unit_word_en: Option<String>,
    pub counting_rule: Option<String>,
    pub interactive: bool,
    pub is_stock: bool,
    pub wording: WordingDraft,
}

/// An activity type as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct TypeDraft {
    pub unit: Option<String>,
    pub key: Option<String>,
    pub name: String,
    pub name_en: Option<String>,
    /// The keys of the measures its form asks, the main one first.
    pub measures: Vec<String>,
    /// By default recommended.
    pub evidence: Option<String>,
}

/// A theme as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct ThemeDraft {
    pub unit: Option<String>,
    pub key: Option<String>,
    pub name: String,
    pub name_en: Option<String>,
}

/// The unit whose catalogue is read: the one named, else the reader's own.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn read_unit(ctx: &Ctx, conn: &mut Conn, code: Option<&str>) -> Result<Unit> {
    let scope = ctx.scope()?;
    match code.filter(|code| !code.is_empty()) {
        Some(code) => unit::store::by_code(conn, &scope, code).await,
        None => unit::store::by_id(conn, &scope, ctx.actor()?.home_unit_id().ok_or(Error::NotFound)?).await,
    }
}

/// The unit that owns what is being added: the one named, else the topmost one that the writer manages.
async fn owner(ctx: &Ctx, conn: &mut Conn, code: Option<&str>) -> Result<Unit> {
    let actor = ctx.actor()?;
    let home = unit::action::managed_home(actor).ok_or(Error::Forbidden)?;
    let everywhere = Scope::everything();
    let owner = match code.map(str::trim).filter(|code| !code.is_empty()) {
        None => unit::store::by_id(conn, &everywhere, home).await?,
        Some(code) => match unit::store::by_code(conn, &everywhere, code).await {
            Err(Error::NotFound) => return Err(Error::invalid("unit", ctx.locale.unit_unknown(code))),
            other => other?,
        },
    };
    if actor.may_manage(&owner) { Ok(owner) } else { Err(Error::Forbidden) }
}

pub(super) fn check_text(locale: Locale, field: &str, text: &str, most: usize, problems: &mut Problems) {
    match text.trim().chars().count() {
        0 => problems.add(field, locale.catalogue_fill_in()),
        count if count > most => problems.add(field, locale.catalogue_too_long(most)),
        _ => {}
    }
}

pub(super) fn check_optional(locale: Locale, field: &str, text: Option<&str>, most: usize, problems: &mut Problems) {
    if text.is_some_and(|text| text.trim().chars().count() > most) {
        problems.add(field, locale.catalogue_too_long(most));
    }
}

pub(super) fn tidy(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The key that was typed, or a free one. A key is unique within what a unit sees: in the built-in entries, at the
/// owner, above it and below it.
async fn check_key(
    ctx: &Ctx,
    conn: &mut Conn,
    kind: EntryKind,
    owner: &Unit,
    key: Option<&str>,
    problems: &mut Problems,
) -> Result<String> {
    conn.lock_keys().await?;
    let taken = store::keys_seen(conn, kind.key(), owner).await?;
    let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) else {
        let stem = format!("own-{}", kind.key());
        let mut numbers = 1..;
        let free = numbers.find(|number| !taken.contains(&format!("{stem}-{number}"))).unwrap_or_default();
        return Ok(format!("{stem}-{free}"));
    };
    if !is_key(key) {
        problems.add("key", ctx.locale.catalogue_key_wrong());
    } else if taken.contains(key) {
        problems.add("key", ctx.locale.catalogue_key_taken(key));
    }
    Ok(key.to_owned())
}

/// The wording that was typed, on top of the former one.
pub(super) fn check_wording(locale: Locale, draft: &WordingDraft, former: Wording, problems: &mut Problems) -> Wording {
    let mut wording = former;
    if let Some(form) = draft.form.as_deref().filter(|form| !form.is_empty()) {
        match Form::from_key(form) {
            Some(form) => wording.form = form,
            None => problems.add("form", locale.catalogue_form_wrong()),
        }
    }
    check_optional(locale, "phrase", draft.phrase.as_deref(), LONGEST_NAME, problems);
    if let Some(phrase) = &draft.phrase {
        wording.phrase = tidy(Some(phrase));
    }
    wording.ten_thousands = draft.ten_thousands.unwrap_or(wording.ten_thousands);
    wording.step = draft.step.unwrap_or(wording.step);
    if !(0..=MOST_STEP).contains(&wording.step) {
        problems.add("step", locale.unit_out_of_range(MOST_STEP));
    }
    wording.opening = draft.opening.unwrap_or(wording.opening);
    if !(0..=LAST_OPENING).contains(&wording.opening) {
        problems.add("opening", locale.unit_out_of_range(LAST_OPENING));
    }
    check_optional(locale, "together", draft.together.as_deref(), LONGEST_NAME, problems);
    if let Some(together) = &draft.together {
        wording.together = tidy(Some(together));
    }
    wording
}

pub(super) fn check_measure(locale: Locale, draft: &MeasureDraft, problems: &mut Problems) {
    check_text(locale, "name", &draft.name, LONGEST_NAME, problems);
    check_optional(locale, "name_en", draft.name_en.as_deref(), LONGEST_NAME, problems);
    check_text(locale, "unit_word", &draft.unit_word, LONGEST_UNIT_WORD, problems);
    check_optional(locale, "unit_word_en", draft.unit_word_en.as_deref(), LONGEST_NAME, problems);
    check_optional(locale, "counting_rule", draft.counting_rule.as_deref(), LONGEST_RULE, problems);
}

/// The measures that a type asks, by id; what is unknown or retired is told as `measures[1]`.
pub(super) fn check_asked(locale: Locale, catalogue: &Catalogue, keys: &[String], problems: &mut Problems) -> Vec<i64> {
    let mut ids = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        match catalogue.measure(key.trim()).filter(|measure| !measure.retired) {
            Some(measure) if !ids.contains(&measure.id) => ids.push(measure.id),
            Some(_) => {}
            None => problems.add(format!("measures[{index}]"), locale.catalogue_measure_unknown(key)),
        }
    }
    if keys.is_empty() {
        problems.add("measures", locale.catalogue_measures_wanted());
    }
    ids
}

pub(super) fn check_evidence(locale: Locale, evidence: Option<&str>, problems: &mut Problems) -> EvidencePolicy {
    let asked = evidence.map(str::trim).filter(|evidence| !evidence.is_empty());
    asked.map_or(EvidencePolicy::Recommended, |key| {
        EvidencePolicy::from_key(key).unwrap_or_else(|| {
            problems.add("evidence", locale.catalogue_evidence_wrong());
            EvidencePolicy::Recommended
        })
    })
}

pub(super) async fn audit(
    ctx: &Ctx,
    conn: &mut Conn,
    unit_id: i64,
    action: &'static str,
    key: &str,
    detail: Value,
) -> Result<()> {
    let entry =
        Entry { actor: ctx.someone.as_deref(), unit_id: Some(unit_id), action, subject: key.to_owned(), detail };
    audit::record(conn, ctx.now, entry).await
}

/// Adds a measure to a unit's catalogue.
///
/// # Errors
/// What is wrong, by field; [`Error::Forbidden`] at a unit that the writer does not manage.
pub async fn add_measure(ctx: &Ctx, draft: MeasureDraft) -> Result<Measure> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let owner = owner(ctx, &mut conn, draft.unit.as_deref()).await?;
    let key = check_key(ctx, &mut conn, EntryKind::Measure, &owner, draft.key.as_deref(), &mut problems).await?;
    check_measure(ctx.locale, &draft, &mut problems);
    let wording = check_wording(ctx.locale, &draft.wording, Wording::default(), &mut problems);
    let mut measure = problems.into_result(Measure {
        id: 0,
        key,
        unit_id: Some(owner.id),
        name: draft.name.trim().to_owned(),
        name_en: tidy(draft.name_en.as_deref()),
        unit_word: draft.unit_word.trim().to_owned(),
        unit_word_en: tidy(draft.unit_word_en.as_deref()),
        counting_rule: tidy(draft.counting_rule.as_deref()).unwrap_or_default(),
        rule_version: 1,
        interactive: draft.interactive,
        is_stock: draft.is_stock,
        wording,
        position: 0,
        retired: false,
    })?;
    measure.id = write_store::insert_measure(&mut conn, &measure, ctx.today).await?;
    let detail = json!({"name": measure.name, "unit_word": measure.unit_word, "counting_rule": measure.counting_rule});
    audit(ctx, &mut conn, owner.id, "measure.add", &measure.key, detail).await?;
    conn.commit().await?;
    Ok(measure)
}

/// Adds an activity type to a unit's catalogue.
///
/// # Errors
/// As [`add_measure`].
pub async fn add_type(ctx: &Ctx, draft: TypeDraft) -> Result<ActivityType> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let owner = owner(ctx, &mut conn, draft.unit.as_deref()).await?;
    let key = check_key(ctx, &mut conn, EntryKind::Type, &owner, draft.key.as_deref(), &mut problems).await?;
    check_text(ctx.locale, "name", &draft.name, LONGEST_NAME, &mut problems);
    check_optional(ctx.locale, "name_en", draft.name_en.as_deref(), LONGEST_NAME, &mut problems);
    let catalogue = store::visible(&mut conn, &owner).await?;
    let measures = check_asked(ctx.locale, &catalogue, &draft.measures, &mut problems);
    let evidence = check_evidence(ctx.locale, draft.evidence.as_deref(), &mut problems);
    let mut one = problems.into_result(ActivityType {
        id: 0,
        key,
        unit_id: Some(owner.id),
        name: draft.name.trim().to_owned(),
        name_en: tidy(draft.name_en.as_deref()),
        evidence,
        measures,
        position: 0,
        retired: false,
    })?;
    one.id = write_store::insert_type(&mut conn, &one).await?;
    let detail = json!({"name": one.name, "measures": draft.measures, "evidence": evidence});
    audit(ctx, &mut conn, owner.id, "type.add", &one.key, detail).await?;
    conn.commit().await?;
    Ok(one)
}

/// Adds a theme to a unit's catalogue.
///
/// # Errors
/// As [`add_measure`].
pub async fn add_theme(ctx: &Ctx, draft: ThemeDraft) -> Result<Theme> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let owner = owner(ctx, &mut conn, draft.unit.as_deref()).await?;
    let key = check_key(ctx, &mut conn, EntryKind::Theme, &owner, draft.key.as_deref(), &mut problems).await?;
    check_text(ctx.locale, "name", &draft.name, LONGEST_NAME, &mut problems);
    check_optional(ctx.locale, "name_en", draft.name_en.as_deref(), LONGEST_NAME, &mut problems);
    let mut theme = problems.into_result(Theme {
        id: 0,
        key,
        unit_id: Some(owner.id),
        name: draft.name.trim().to_owned(),
        name_en: tidy(draft.name_en.as_deref()),
        position: 0,
        retired: false,
    })?;
    theme.id = write_store::insert_theme(&mut conn, &theme).await?;
    audit(ctx, &mut conn, owner.id, "theme.add", &theme.key, json!({"name": theme.name})).await?;
    conn.commit().await?;
    Ok(theme)
}
