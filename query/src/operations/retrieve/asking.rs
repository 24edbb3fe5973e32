//! What the strategies are asked: a question, what each has of its own, and how many hits of what.

/// The arguments of a strategy: those that all have stand here once.
macro_rules! asking {
    ($(#[$about:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The question.
            query: String,
            $($own)*
            /// At most so many hits; 10 when not said.
            #[serde(default, alias = "limit")]
            k: Option<usize>,
            /// What kinds of things; any when empty.
            #[serde(default)]
            kinds: Vec<athena_schemas::wire::Kind>,
            /// What hits must be.
            #[serde(default)]
            filters: $crate::operations::filters::Filters,
        }

        impl $name {
            /// The question, ready to be answered.
            async fn prepare(&self, call: &Call) -> Result<$crate::search::Prepared, Error> {
                let filters = self.filters.clone();
                $crate::operations::retrieve::prepare(call, &self.query, filters, self.kinds.clone(), self.k).await
            }
        }
    };
}

pub(super) use asking;
