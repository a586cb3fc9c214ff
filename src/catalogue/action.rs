//! What is done to the catalogue: who may, what is checked, what is kept. Built-in entries are changed by nobody.

use super::{store, write_store};
use crate::{
    domain::{
        access::Scope,
        catalogue::{ActivityType, Catalogue, EvidencePolicy, Theme, is_key},
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

/// The longest name and phrase, and the longest counting rule, in characters.
const LONGEST_NAME: usize = 60;
const LONGEST_RULE: usize = 1000;
/// The longest counter after a figure, in characters.
const LONGEST_UNIT_WORD: usize = 12;
/// The coarsest step of rounding.
const MOST_STEP: i64 = 1_000_000;

crate::keyed! {
    /// The three kinds of entry.
    EntryKind { Measure => "measure", Type => "type", Theme => "theme" }
}

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

fn check_text(locale: Locale, field: &str, text: &str, most: usize, problems: &mut Problems) {
    match text.trim().chars().count() {
        0 => problems.add(field, locale.catalogue_fill_in()),
        count if count > most => problems.add(field, locale.catalogue_too_long(most)),
        _ => {}
    }
}

fn check_optional(locale: Locale, field: &str, text: Option<&str>, most: usize, problems: &mut Problems) {
    if text.is_some_and(|text| text.trim().chars().count() > most) {
        problems.add(field, locale.catalogue_too_long(most));
    }
}

fn tidy(text: Option<&str>) -> Option<String> {
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
fn check_wording(locale: Locale, draft: &WordingDraft, former: Wording, problems: &mut Problems) -> Wording {
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
    wording
}

fn check_measure(locale: Locale, draft: &MeasureDraft, problems: &mut Problems) {
    check_text(locale, "name", &draft.name, LONGEST_NAME, problems);
    check_optional(locale, "name_en", draft.name_en.as_deref(), LONGEST_NAME, problems);
    check_text(locale, "unit_word", &draft.unit_word, LONGEST_UNIT_WORD, problems);
    check_optional(locale, "unit_word_en", draft.unit_word_en.as_deref(), LONGEST_NAME, problems);
    check_optional(locale, "counting_rule", draft.counting_rule.as_deref(), LONGEST_RULE, problems);
}

/// The measures that a type asks, by id; what is unknown or retired is told as `measures[1]`.
fn check_asked(locale: Locale, catalogue: &Catalogue, keys: &[String], problems: &mut Problems) -> Vec<i64> {
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

fn check_evidence(locale: Locale, evidence: Option<&str>, problems: &mut Problems) -> EvidencePolicy {
    let asked = evidence.map(str::trim).filter(|evidence| !evidence.is_empty());
    asked.map_or(EvidencePolicy::Recommended, |key| {
        EvidencePolicy::from_key(key).unwrap_or_else(|| {
            problems.add("evidence", locale.catalogue_evidence_wrong());
            EvidencePolicy::Recommended
        })
    })
}

async fn audit(ctx: &Ctx, conn: &mut Conn, unit_id: i64, action: &'static str, key: &str, detail: Value) -> Result<()> {
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

/// An own entry's owner, to be managed by the one who asks.
async fn managed_owner(ctx: &Ctx, conn: &mut Conn, unit_id: Option<i64>) -> Result<Unit> {
    let id = unit_id.ok_or(Error::Forbidden)?;
    let owner = unit::store::by_id(conn, &Scope::everything(), id).await?;
    if ctx.actor()?.may_manage(&owner) { Ok(owner) } else { Err(Error::Forbidden) }
}

/// Changes an own measure, as `seen` by a unit. Another counting rule makes a new version of it, from today on. Key,
/// owner and whether it is a stock stay.
///
/// # Errors
/// As [`add_measure`]; [`Error::NotFound`] where the unit sees no such measure, [`Error::Forbidden`] for built-in ones.
pub async fn change_measure(ctx: &Ctx, seen: &Unit, key: &str, draft: MeasureDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let catalogue = store::visible(&mut conn, seen).await?;
    let former = catalogue.measure(key).ok_or(Error::NotFound)?;
    let owner = managed_owner(ctx, &mut conn, former.unit_id).await?;
    check_measure(ctx.locale, &draft, &mut problems);
    let wording = check_wording(ctx.locale, &draft.wording, former.wording.clone(), &mut problems);
    problems.into_result(())?;
    let rule = tidy(draft.counting_rule.as_deref()).unwrap_or_default();
    let is_new_rule = rule != former.counting_rule;
    let measure = Measure {
        name: draft.name.trim().to_owned(),
        name_en: tidy(draft.name_en.as_deref()),
        unit_word: draft.unit_word.trim().to_owned(),
        unit_word_en: tidy(draft.unit_word_en.as_deref()),
        counting_rule: rule,
        rule_version: former.rule_version + i64::from(is_new_rule),
        interactive: draft.interactive,
        wording,
        ..former.clone()
    };
    write_store::update_measure(&mut conn, &measure).await?;
    if is_new_rule {
        let (id, version) = (measure.id, measure.rule_version);
        store::insert_rule(&mut conn, id, version, &measure.counting_rule, ctx.today).await?;
    }
    let detail = json!({
        "from": {"name": former.name, "unit_word": former.unit_word, "counting_rule": former.counting_rule},
        "to": {"name": measure.name, "unit_word": measure.unit_word, "counting_rule": measure.counting_rule},
        "rule_version": measure.rule_version,
    });
    audit(ctx, &mut conn, owner.id, "measure.change", key, detail).await?;
    conn.commit().await
}

/// Changes an own activity type.
///
/// # Errors
/// As [`change_measure`].
pub async fn change_type(ctx: &Ctx, seen: &Unit, key: &str, draft: TypeDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let former = store::visible(&mut conn, seen).await?.activity_type(key).cloned().ok_or(Error::NotFound)?;
    let owner = managed_owner(ctx, &mut conn, former.unit_id).await?;
    check_text(ctx.locale, "name", &draft.name, LONGEST_NAME, &mut problems);
    check_optional(ctx.locale, "name_en", draft.name_en.as_deref(), LONGEST_NAME, &mut problems);
    let catalogue = store::visible(&mut conn, &owner).await?;
    let measures = check_asked(ctx.locale, &catalogue, &draft.measures, &mut problems);
    let evidence = check_evidence(ctx.locale, draft.evidence.as_deref(), &mut problems);
    let (name, name_en) = (draft.name.trim().to_owned(), tidy(draft.name_en.as_deref()));
    let one = problems.into_result(ActivityType { name, name_en, evidence, measures, ..former.clone() })?;
    write_store::update_type(&mut conn, &one).await?;
    let detail = json!({"from": former.name, "to": one.name, "measures": draft.measures, "evidence": evidence});
    audit(ctx, &mut conn, owner.id, "type.change", key, detail).await?;
    conn.commit().await
}

/// Changes an own theme's names.
///
/// # Errors
/// As [`change_measure`].
pub async fn change_theme(ctx: &Ctx, seen: &Unit, key: &str, draft: ThemeDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let former = store::visible(&mut conn, seen).await?.theme(key).cloned().ok_or(Error::NotFound)?;
    let owner = managed_owner(ctx, &mut conn, former.unit_id).await?;
    check_text(ctx.locale, "name", &draft.name, LONGEST_NAME, &mut problems);
    check_optional(ctx.locale, "name_en", draft.name_en.as_deref(), LONGEST_NAME, &mut problems);
    problems.into_result(())?;
    let (name, name_en) = (draft.name.trim().to_owned(), tidy(draft.name_en.as_deref()));
    let theme = Theme { name, name_en, ..former.clone() };
    write_store::update_theme(&mut conn, &theme).await?;
    let detail = json!({"from": former.name, "to": theme.name});
    audit(ctx, &mut conn, owner.id, "theme.change", key, detail).await?;
    conn.commit().await
}

/// Retires an own entry, so that nothing new bears it, or takes it back; what bears it stays as it is.
///
/// # Errors
/// As [`change_measure`].
pub async fn retire(ctx: &Ctx, seen: &Unit, kind: EntryKind, key: &str, retired: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let catalogue = store::visible(&mut conn, seen).await?;
    let found = match kind {
        EntryKind::Measure => catalogue.measure(key).map(|one| (one.id, one.unit_id)),
        EntryKind::Type => catalogue.activity_type(key).map(|one| (one.id, one.unit_id)),
        EntryKind::Theme => catalogue.theme(key).map(|one| (one.id, one.unit_id)),
    };
    let (id, unit_id) = found.ok_or(Error::NotFound)?;
    let owner = managed_owner(ctx, &mut conn, unit_id).await?;
    write_store::set_retired(&mut conn, kind.key(), id, retired.then_some(ctx.now)).await?;
    let detail = json!({"kind": kind, "retired": retired});
    audit(ctx, &mut conn, owner.id, "catalogue.retire", key, detail).await?;
    conn.commit().await
}

/// Chooses how a unit words a measure for itself and below, built-in ones included.
///
/// # Errors
/// As [`add_measure`].
pub async fn word(ctx: &Ctx, seen: &Unit, key: &str, draft: WordingDraft) -> Result<()> {
    if !ctx.actor()?.may_manage(seen) {
        return Err(Error::Forbidden);
    }
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let catalogue = store::visible(&mut conn, seen).await?;
    let measure = catalogue.measure(key).ok_or(Error::NotFound)?;
    let former = store::wordings(&mut conn, seen).await?.remove(&measure.id).unwrap_or_default();
    let wording = check_wording(ctx.locale, &draft, former, &mut problems);
    problems.into_result(())?;
    store::set_wording(&mut conn, seen.id, measure.id, &wording).await?;
    audit(ctx, &mut conn, seen.id, "measure.word", key, json!({"unit": seen.code, "wording": wording})).await?;
    conn.commit().await
}
