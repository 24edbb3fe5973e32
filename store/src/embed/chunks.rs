//! Where a long text is cut. Pure.

use std::ops::Range;

/// Chunks of a text that are embedded; what is beyond is found by its words alone.
pub const MOST_CHUNKS: usize = 32;
/// Tokens that a chunk has in common with the next, where a model reads a chunk as a sentence: what is said at a
/// cut is whole in one of both.
const OVERLAP: usize = 24;

/// Ranges of `tokens` tokens, of at most `most` each and as even as they can be, so that the last is no mere rest.
pub fn cut(tokens: usize, most: usize) -> Vec<Range<usize>> {
    let most = most.max(1);
    if tokens <= most {
        return std::iter::once(0..tokens).collect();
    }
    let overlap = OVERLAP.min(most / 4);
    let count = (tokens - overlap).div_ceil(most - overlap);
    let step = (tokens - overlap).div_ceil(count);
    let range = |number: usize| number * step..(number * step + step + overlap).min(tokens);
    (0..count).take(MOST_CHUNKS).map(range).filter(|range| range.start < range.end).collect()
}

/// The parts of a text whose tokens stand at these bytes.
pub fn pieces<'t>(text: &'t str, offsets: &[(usize, usize)], most: usize) -> Vec<&'t str> {
    let piece = |range: Range<usize>| {
        let (first, last) = (offsets.get(range.start)?, offsets.get(range.end.checked_sub(1)?)?);
        text.get(first.0..last.1)
    };
    // A text without tokens, or whose tokens stand nowhere, is one piece.
    cut(offsets.len(), most).into_iter().map(|range| piece(range).unwrap_or(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_even_overlap_and_are_bounded() {
        assert!([0, 200].iter().all(|tokens| cut(*tokens, 200).iter().eq(std::iter::once(&(0..*tokens)))));
        let three = cut(450, 200);
        assert_eq!(three, [0..166, 142..308, 284..450]);
        assert!(three.windows(2).all(|pair| pair[0].end - pair[1].start == OVERLAP));
        for tokens in 1..900 {
            let all = cut(tokens, 100);
            assert!(all.iter().all(|range| range.len() <= 100 && !range.is_empty()), "{tokens}: {all:?}");
            assert_eq!(all.last().unwrap().end, tokens);
        }
        assert_eq!(cut(1_000_000, 200).len(), MOST_CHUNKS);
        assert_eq!(cut(3, 1), [0..1, 1..2, 2..3]);
    }

    #[test]
    fn pieces_are_parts_of_the_text() {
        let text = "one zwölf three";
        let offsets = [(0, 3), (4, 10), (11, 16)];
        assert_eq!(pieces(text, &offsets, 1), ["one", "zwölf", "three"]);
        assert_eq!(pieces("  ", &[], 1), ["  "]);
        assert_eq!(pieces("ö", &[(0, 1)], 5), ["ö"]);
    }
}
