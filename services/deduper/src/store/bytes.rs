//! Numbers and names in few bytes.

/// An id as it is kept: hexadecimal ones, which ids are, in half their length. Equal ids are equal names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Name<'a> {
    is_hexadecimal: bool,
    bytes: &'a [u8],
}

impl<'a> Name<'a> {
    /// A name that is no hexadecimal number.
    #[cfg(test)]
    pub(crate) fn of_text(id: &'a str) -> Self {
        Self {
            is_hexadecimal: false,
            bytes: id.as_bytes(),
        }
    }

    /// The id.
    pub(crate) fn text(self) -> String {
        if self.is_hexadecimal {
            let digits = self.bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            return digits
                .filter_map(|digit| char::from_digit(u32::from(digit), 16))
                .collect();
        }
        String::from_utf8_lossy(self.bytes).into_owned()
    }

    /// Whether it is the name of this id.
    pub(crate) fn is(self, id: &str) -> bool {
        if !self.is_hexadecimal {
            return self.bytes == id.as_bytes();
        }
        let (pairs, rest) = id.as_bytes().as_chunks::<2>();
        let same = |(pair, byte): (&[u8; 2], &u8)| byte_of(*pair) == Some(*byte);
        rest.is_empty() && pairs.len() == self.bytes.len() && pairs.iter().zip(self.bytes).all(same)
    }
}

fn byte_of([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    Some(digit(high)? << 4 | digit(low)?)
}

/// Adds to bytes.
pub(super) trait Put {
    fn number(&mut self, number: u64);
    fn signed(&mut self, number: i64);
    fn name(&mut self, id: &str);
    fn counted(&mut self, bytes: &[u8]);
}

impl Put for Vec<u8> {
    /// Seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while 0x7f < number {
            self.push(0x80 | (number & 0x7f) as u8);
            number >>= 7;
        }
        self.push(number as u8);
    }

    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63).cast_unsigned());
    }

    fn name(&mut self, id: &str) {
        let (pairs, rest) = id.as_bytes().as_chunks::<2>();
        if rest.is_empty() && pairs.iter().all(|pair| byte_of(*pair).is_some()) {
            self.number((pairs.len() as u64) << 1 | 1);
            self.extend(pairs.iter().filter_map(|pair| byte_of(*pair)));
        } else {
            self.number((id.len() as u64) << 1);
            self.extend_from_slice(id.as_bytes());
        }
    }

    fn counted(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.extend_from_slice(bytes);
    }
}

/// Reads what was put. Of bytes that were not put so, anything may come, but nothing breaks.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    pub(super) fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    pub(super) fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    pub(super) fn small(&mut self) -> u32 {
        u32::try_from(self.number()).unwrap_or(u32::MAX)
    }

    pub(super) fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    pub(super) fn counted(&mut self) -> &'a [u8] {
        let length = self.number();
        self.take(usize::try_from(length).unwrap_or(usize::MAX))
    }

    pub(super) fn fixed<const N: usize>(&mut self) -> [u8; N] {
        let taken = self.take(N);
        taken.first_chunk().copied().unwrap_or([0; N])
    }

    pub(super) fn name(&mut self) -> Name<'a> {
        let tag = self.number();
        Name {
            is_hexadecimal: tag & 1 == 1,
            bytes: self.take(usize::try_from(tag >> 1).unwrap_or(usize::MAX)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Put, Reader};

    proptest! {
        #[test]
        fn what_was_put_is_read(number in any::<u64>(), signed in any::<i64>(), id in "[0-9a-fA-F]{0,34}|.{0,9}") {
            let mut bytes = Vec::new();
            bytes.number(number);
            bytes.signed(signed);
            bytes.name(&id);
            bytes.counted(id.as_bytes());
            let mut reader = Reader(&bytes);
            prop_assert_eq!((reader.number(), reader.signed()), (number, signed));
            let name = reader.name();
            prop_assert_eq!(name.text(), id.clone());
            let others = [format!("{id}0"), format!("{id}a0")];
            prop_assert!(name.is(&id));
            prop_assert!(others.iter().all(|other| !name.is(other)));
            prop_assert_eq!(reader.counted(), id.as_bytes());
            prop_assert!(reader.0.is_empty());
        }
    }
}
