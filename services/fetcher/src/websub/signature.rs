//! The signature of pushed content (WebSub, section 7.1).

use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// Why content is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error("the content is not signed")]
    Missing,
    /// It is not `method=hexadecimal digits`, or the method is none of the four.
    #[error("the signature can't be read")]
    Unreadable,
    /// It is not the content's.
    #[error("the signature is not that of the content")]
    Wrong,
}

/// Checks `header`, the value of X-Hub-Signature, against `body` with the subscription's secret. The digests are
/// compared in constant time.
///
/// # Errors
/// When the content must be ignored.
pub fn verify(header: Option<&str>, secret: &[u8], body: &[u8]) -> Result<(), SignatureError> {
    let (method, digits) = header
        .ok_or(SignatureError::Missing)?
        .trim()
        .split_once('=')
        .ok_or(SignatureError::Unreadable)?;
    let claimed = bytes_of(digits).ok_or(SignatureError::Unreadable)?;
    let is_right = match method.to_ascii_lowercase().as_str() {
        "sha1" => mac::<Hmac<Sha1>>(secret, body)?.verify_slice(&claimed).is_ok(),
        "sha256" => mac::<Hmac<Sha256>>(secret, body)?.verify_slice(&claimed).is_ok(),
        "sha384" => mac::<Hmac<Sha384>>(secret, body)?.verify_slice(&claimed).is_ok(),
        "sha512" => mac::<Hmac<Sha512>>(secret, body)?.verify_slice(&claimed).is_ok(),
        _ => return Err(SignatureError::Unreadable),
    };
    match is_right {
        true => Ok(()),
        false => Err(SignatureError::Wrong),
    }
}

fn mac<M: hmac::Mac + hmac::digest::KeyInit>(secret: &[u8], body: &[u8]) -> Result<M, SignatureError> {
    // A key of any length will do; the error has no case of its own.
    let mut mac = <M as hmac::Mac>::new_from_slice(secret).map_err(|_| SignatureError::Wrong)?;
    mac.update(body);
    Ok(mac)
}

/// The bytes that hexadecimal digits stand for; at most those of the longest digest.
pub(super) fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.trim().as_bytes();
    let (pairs, odd) = digits.as_chunks::<2>();
    if !odd.is_empty() || 64 < pairs.len() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 2202 (case 2) and RFC 4231 (case 2).
    const SECRET: &[u8] = b"Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";
    const SHA1: &str = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    const SHA256: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const SHA384: &str =
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649";
    const SHA512: &str = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";

    #[test]
    fn takes_each_method_of_the_recommendation() {
        for (method, digits) in [
            ("sha1", SHA1),
            ("sha256", SHA256),
            ("sha384", SHA384),
            ("sha512", SHA512),
        ] {
            let header = format!("{method}={digits}");
            assert_eq!(verify(Some(&header), SECRET, BODY), Ok(()), "{method}");
            let shouted = header.to_ascii_uppercase();
            assert_eq!(verify(Some(&shouted), SECRET, BODY), Ok(()), "{method}");
            assert_eq!(verify(Some(&header), b"jefe", BODY), Err(SignatureError::Wrong));
            assert_eq!(verify(Some(&header), SECRET, b"other"), Err(SignatureError::Wrong));
        }
    }

    #[test]
    fn refuses_everything_else() {
        let check = |header: &str, expected: SignatureError| {
            assert_eq!(verify(Some(header), SECRET, BODY), Err(expected), "{header}");
        };
        assert_eq!(verify(None, SECRET, BODY), Err(SignatureError::Missing));
        check("", SignatureError::Unreadable);
        check(SHA1, SignatureError::Unreadable);
        check(&format!("md5={SHA1}"), SignatureError::Unreadable);
        check(&format!("sha1={SHA1}0"), SignatureError::Unreadable);
        check(&format!("sha1=+{}", &SHA1[1..]), SignatureError::Unreadable);
        check(&format!("sha1={SHA256}"), SignatureError::Wrong);
        check(&format!("sha256={SHA1}"), SignatureError::Wrong);
        check("sha256=", SignatureError::Wrong);
        check(&format!("sha256={}", &SHA256[..32]), SignatureError::Wrong);
        check(&format!("sha256={SHA256}{SHA256}{SHA256}"), SignatureError::Unreadable);
    }
}
