//! What tokens cost, by the price list of the configuration.

use athena_schemas::Error;

/// What a million tokens of the models whose names begin with `model` cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    pub model: String,
    pub input: f64,
    pub output: f64,
}

impl Price {
    /// `MODEL INPUT OUTPUT`, the latter two in money for a million tokens.
    ///
    /// # Errors
    /// What is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::invalid("estimation.prices", format!("{text:?} is no price"))
                .hint("a model, and what a million tokens cost that it reads and writes: \"some-model 3 15\"")
        };
        let mut words = text.split_whitespace();
        let (Some(model), Some(input), Some(output), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(wrong());
        };
        let number = |text: &str| text.parse::<f64>().ok().filter(|price| price.is_finite() && *price >= 0.0);
        let (Some(input), Some(output)) = (number(input), number(output)) else { return Err(wrong()) };
        Ok(Self { model: model.to_owned(), input, output })
    }

    pub fn of(&self, input: f64, output: f64) -> f64 {
        (input * self.input + output * self.output) / 1e6
    }
}

/// The price of a model: of the longest name that its own begins with; `*` is any.
pub fn price<'p>(prices: &'p [Price], model: &str) -> Option<&'p Price> {
    let fits = |price: &&Price| price.model == "*" || model.starts_with(&price.model);
    prices.iter().filter(fits).max_by_key(|price| if price.model == "*" { 0 } else { price.model.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_counts() {
        let prices: Vec<Price> =
            ["* 1 1", "model 2 4", "model-large 3 15"].map(|text| Price::parse(text).unwrap()).into();
        let of = |model: &str| price(&prices, model).unwrap().input;
        assert_eq!((of("model-large-2"), of("model-small"), of("other")), (3.0, 2.0, 1.0));
        assert_eq!(price(&prices, "model-large").unwrap().of(2e6, 1e6), 21.0);
        for wrong in ["", "model", "model 3", "model 3 x", "model 3 -1", "model 1 2 3"] {
            assert_eq!(
                Price::parse(wrong).unwrap_err().field.as_deref(),
                Some("estimation.prices"),
                "{wrong}"
            );
        }
    }
}
