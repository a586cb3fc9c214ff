//! `pufa check`: every total against its records, the audit trail from its beginning, the files of evidence.

use crate::{
    activity,
    error::{Error, Result},
    evidence, roster,
    server::{audit, db::Db},
};
use std::path::Path;

/// What was compared, in words.
///
/// # Errors
/// Everything that is not as it should be, in one line.
pub async fn check(db: &Db, data_dir: &Path) -> Result<String> {
    let findings = activity::check::check(db).await?;
    let broken = audit::first_broken(&mut db.read().await?).await?;
    let mut faults = Vec::new();
    if let Some(first) = findings.differences.first() {
        faults.push(format!("{} totals or more differ from their records: {first}", findings.differences.len()));
    }
    if let Some(id) = broken {
        faults.push(format!("the audit trail was altered at or before entry {id}"));
    }
    let evidence = evidence::check::check(db, data_dir).await?;
    if let Some(first) = evidence.faults.first() {
        faults.push(format!("evidence: {} faults or more: {first}", evidence.faults.len()));
    }
    let rosters = roster::check::check(db).await?;
    if let Some(first) = rosters.faults.first() {
        faults.push(format!("rosters: {} faults or more: {first}", rosters.faults.len()));
    }
    if faults.is_empty() {
        return Ok(format!(
            "{} activities and {} totals agree; the audit trail is whole; {} files of evidence match; {} entries of \
             rosters agree",
            findings.activities, findings.rows, evidence.files, rosters.entries
        ));
    }
    Err(Error::internal(faults.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        execute,
        server::{
            audit::{Entry, record},
            clock,
            testing::{World, each_engine},
        },
    };

    #[tokio::test]
    async fn a_total_or_an_entry_that_somebody_altered_is_found() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let mut conn = world.db.write().await.expect("a transaction");
            let entry = Entry {
                actor: None,
                unit_id: None,
                action: "test",
                subject: "天坪村".into(),
                detail: serde_json::json!({}),
            };
            record(&mut conn, clock::now(), entry).await.expect("an entry");
            conn.commit().await.expect("stored");
            assert!(check(&world.db, Path::new("")).await.expect("all is well").contains("whole"));
            let mut conn = world.db.write().await.expect("a transaction");
            execute!(&mut conn, sqlx::query("update audit set subject = '两河村'")).expect("somebody tampers");
            execute!(
                &mut conn,
                sqlx::query(
                    "insert into rollup select id, 0, 202112, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1 from unit \
                     where code = '500999'"
                )
            )
            .expect("somebody tampers");
            conn.commit().await.expect("stored");
            let said = check(&world.db, Path::new("")).await.expect_err("two faults").to_string();
            assert!(said.contains("1 totals or more") && said.contains("audit trail was altered"), "{said}");
        })
        .await;
    }
}
