//! Enumerations that are stored, sent and compared by a stable key.

/// Declares an enumeration whose members have a stable lower-case key for tables, JSON and URLs.
///
/// It gets `ALL`, `key()`, `from_key()`, `Display`, `TryFrom<String>` (for rows) and serde by key.
#[macro_export]
macro_rules! keyed {
    ($(#[$meta:meta])* $name:ident { $($(#[$inner:meta])* $member:ident => $key:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$inner])* #[serde(rename = $key)] $member),+ }

        impl $name {
            /// Every member, in the order in which people are offered them.
            pub const ALL: &'static [$name] = &[$($name::$member),+];

            /// The stable key in tables, JSON and URLs.
            pub fn key(self) -> &'static str {
                match self { $($name::$member => $key),+ }
            }

            /// The member with this key.
            pub fn from_key(key: &str) -> Option<$name> {
                match key { $($key => Some($name::$member),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.key()) }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(key: String) -> Result<$name, String> {
                $name::from_key(&key).ok_or_else(|| format!("{key} is no {}", stringify!($name)))
            }
        }
    };
}
