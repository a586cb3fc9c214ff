//! Where evidence lies: a folder, named by what is in the files, so that nothing is ever overwritten by something else.

use crate::{
    error::{Error, Result},
    server::multipart::private_folder,
};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as Key};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The stored files.
#[derive(Debug)]
pub struct Files(Box<dyn ObjectStore>);

impl Files {
    /// The files in the data folder, which is made when missing.
    ///
    /// # Errors
    /// No data folder was named, or it cannot be written.
    pub fn open(data_dir: &Path) -> Result<Files> {
        let folder = private_folder(data_dir, "evidence")?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(Error::internal)?;
        Ok(Files(Box::new(files.with_fsync(true))))
    }

    /// Stores bytes whole or not at all, and answers their name. The same bytes are stored once.
    ///
    /// # Errors
    /// The disk is full or cannot be written.
    pub async fn put(&self, bytes: Vec<u8>, ending: &str) -> Result<String> {
        let key = key(&Sha256::digest(&bytes), ending);
        self.put_as(&key, bytes).await?;
        Ok(key)
    }

    /// Stores bytes under a name that was theirs before: what a backup brings back.
    ///
    /// # Errors
    /// As [`Files::put`].
    pub async fn put_as(&self, key: &str, bytes: Vec<u8>) -> Result<()> {
        self.0.put(&Key::from(key), PutPayload::from(bytes)).await.map_err(Error::internal)?;
        Ok(())
    }

    /// Whether there is a file under a name.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn has(&self, key: &str) -> Result<bool> {
        match self.0.head(&Key::from(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(Error::internal(error)),
        }
    }

    /// Takes a file away: of a person who is erased. One that is gone already is well.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn remove(&self, key: &str) -> Result<()> {
        match self.0.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::internal(error)),
        }
    }

    /// The bytes under a name; `None` where the file is gone.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        match self.0.get(&Key::from(key)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(Error::internal)?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(Error::internal(error)),
        }
    }
}

/// The name of a file with this SHA-256: `3f/3fa1….jpg`.
fn key(digest: &[u8], ending: &str) -> String {
    let hash = hex::encode(digest);
    format!("{}/{hash}.{ending}", &hash[..2])
}

/// Whether bytes are what their name says.
pub fn is_true_to(key: &str, bytes: &[u8]) -> bool {
    let named = key.rsplit('/').next().and_then(|name| name.split('.').next());
    named.is_some_and(|named| named == hex::encode(Sha256::digest(bytes)))
}
