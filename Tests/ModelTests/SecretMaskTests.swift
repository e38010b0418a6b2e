import Model
import Testing

@Suite("Secrets")
struct SecretMaskTests {
    @Test(
        "are told by their names",
        arguments: [
            "password", "rootPassword", "ROOT_PASSWD", "api-key", "apiKey", "key", "sshKey",
            "token",
            "accessToken", "client_secret", "passphrase", "db.pass", "credentials", "Authorization",
            "private_key",
        ]
    )
    func secret(name: String) {
        #expect(SecretMask.isSecret(name: name))
    }

    @Test(
        "are not seen where there are none",
        arguments: [
            "size", "keyboard", "monkey", "publicKey", "host", "compass", "bypass", "author", "",
        ]
    )
    func plain(name: String) {
        #expect(!SecretMask.isSecret(name: name))
    }

    @Test("are masked in parameters")
    func parameters() {
        let masked = SecretMask.masked(["size": "3", "token": "abc", "password": ""])
        #expect(masked == ["size": "3", "token": "********", "password": "********"])
    }

    @Test(
        "are masked in texts, and nothing else is touched",
        arguments: [
            ("login password=hunter2 user=bob", "login password=******** user=bob"),
            ("password = hunter2, size=3", "password = ********, size=3"),
            ("token: abc;x=1", "token: ********;x=1"),
            ("{\"apiKey\": \"a\\\"b\", \"size\": 3}", "{\"apiKey\": \"********\", \"size\": 3}"),
            ("secret='two words' end", "secret='********' end"),
            ("Authorization: Bearer abc.def next", "Authorization: ******** next"),
            ("url?token=abc&size=3", "url?token=********&size=3"),
            ("password=", "password="),
            ("token=\"never closed", "token=\"********"),
            ("no secret here", "no secret here"),
            ("size=3 state: up", "size=3 state: up"),
            ("résumé key=é\u{301}x y", "résumé key=******** y"),
            ("a:b", "a:b"), ("", ""), ("=", "="),
        ]
    )
    func text(text: String, masked: String) {
        #expect(SecretMask.masked(text) == masked)
    }
}
