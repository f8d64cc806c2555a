//! How a port is declared: once, with the macro by which the server hands each of its questions on to the store.

/// Declares the trait of a port, and beside it a macro that implements the trait for a desk whose `scoped` store has a
/// method of the same name for every question. `$` comes as a token, for the macro within.
macro_rules! port {
    (($d:tt) $(#[$about:meta])* $name:ident, answered by $answers:ident {
        $($(#[$doc:meta])* fn $question:ident($($argument:ident: $kind:ty),* $(,)?) -> $answer:ty;)*
    }) => {
        $(#[$about])*
        #[async_trait]
        pub trait $name {
            $($(#[$doc])* async fn $question(&self, $($argument: $kind),*) -> Answer<$answer>;)*
        }

        /// Lets the desk's store answer this port; faults are worded by the function that is given.
        #[macro_export]
        macro_rules! $answers {
            ($d desk:ty, $d worded:path) => {
                #[async_trait]
                impl $name for $d desk {
                    $(async fn $question(&self, $($argument: $kind),*) -> Answer<$answer> {
                        self.scoped.$question($($argument),*).await.map_err($d worded)
                    })*
                }
            };
        }
    };
}
pub(super) use port;
