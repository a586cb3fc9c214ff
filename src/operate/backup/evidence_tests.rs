//! A backup with evidence brings it back, on either engine, and is one file.

use super::{backup, restore};
use crate::{
    evidence::{
        api_tests::{TIANPING, entry, send},
        sample,
    },
    operate::check::check,
    run,
    server::{
        db::Db,
        router::router,
        state::{AppState, Settings},
        testing::{World, each_engine},
    },
};
use serde_json::json;
use std::{path::Path, sync::Arc};

/// The address of a database for tests.
async fn url(db: &Db) -> String {
    match db {
        Db::Sqlite { writer, .. } => format!("sqlite:{}", writer.connect_options().get_filename().display()),
        Db::Postgres(_) => {
            let mut conn = db.read().await.expect("a transaction");
            let name: String =
                run!(&mut conn, c => sqlx::query_scalar("select current_database()::text").fetch_one(c).await)
                    .expect("its name");
            let server = std::env::var("PUFA_TEST_POSTGRES_URL").expect("it is there");
            format!("{}/{name}", server.rsplit_once('/').expect("a server").0)
        }
    }
}

/// A server whose files lie in this folder.
fn serve(db: &Db, folder: &Path) -> World {
    let settings = Settings { data_dir: folder.to_owned(), ..Settings::default() };
    World { router: router(AppState { db: db.clone(), settings: Arc::new(settings) }), db: db.clone() }
}

#[tokio::test]
async fn everything_is_lost_and_comes_back_with_its_pictures() {
    each_engine(|db| async move {
        World::new(db.clone()).await;
        let (folder, new_folder) = (World::new_data_dir(), World::new_data_dir());
        let world = serve(&db, &folder);
        let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
        let photo = send(&world, "sun", &activity, "a.jpg", &sample::fresh_photo()).await.json();
        let paper = send(&world, "sun", &activity, "签到表.pdf", &sample::pdf()).await.json();
        let seen = world.get("sun", photo["address"].as_str().expect("an address")).await.bytes;
        assert!(check(&db, &folder).await.expect("all is well").contains("3 files of evidence match"));
        let file = std::env::temp_dir().join(format!("pufa-evidence-{}.bak", uuid::Uuid::now_v7()));
        let url = url(&db).await;
        assert_eq!(backup(&url, &file, &folder).await.expect("a backup").missing, 0);
        // A picture that somebody altered, and one that is gone, are found.
        let stored: Vec<_> = walk(&folder.join("evidence"));
        assert_eq!(stored.len(), 3);
        std::fs::write(&stored[0], b"another picture").expect("somebody tampers");
        assert!(check(&db, &folder).await.expect_err("altered").to_string().contains("was altered"));
        std::fs::remove_file(&stored[0]).expect("somebody deletes");
        assert!(check(&db, &folder).await.expect_err("gone").to_string().contains("is missing"));
        std::fs::remove_dir_all(&folder).expect("the disk is lost");
        let late = json!({ "reason": "重复" });
        assert_eq!(world.post("sun", &format!("/api/v1/activities/{activity}/withdraw"), late).await.status, 200);
        restore(&url, &file, None, &new_folder).await.expect("restored");
        assert!(check(&db, &new_folder).await.expect("all is well").contains("3 files of evidence match"));
        let world = serve(&db, &new_folder);
        assert_eq!(world.get("sun", photo["address"].as_str().expect("an address")).await.bytes, seen);
        assert_eq!(world.get("sun", paper["address"].as_str().expect("an address")).await.bytes, sample::pdf());
        std::fs::remove_file(&file).expect("the backup is one file");
    })
    .await;
}

/// Every file below a folder.
fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}
