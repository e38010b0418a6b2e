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
            ("run --password abc --size 3", "run --password ******** --size 3"),
            ("run --password --size 3", "run --password --size 3"),
            ("run --token", "run --token"), ("the password is wrong", "the password is wrong"),
            ("curl -H 'Authorization: Bearer abc'", "curl -H 'Authorization: ********'"),
            ("sent Bearer abcdefghijklmnop1 ok", "sent Bearer ******** ok"),
            ("the bearer of news", "the bearer of news"),
            ("nfs://root:hunter2@nas-1/vol mounts", "nfs://root:********@nas-1/vol mounts"),
            ("https://bob@nas-1:80/x?token=abc", "https://bob@nas-1:80/x?token=********"),
            ("https://nas-1:80/a:b@c", "https://nas-1:80/a:b@c"),
            ("key AKIAIOSFODNN7EXAMPLE used", "key ******** used"),
            ("got ghp_0123456789abcdefghij.", "got ********"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig", "********"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nend",
                "-----BEGIN RSA PRIVATE KEY-----********-----END RSA PRIVATE KEY-----\nend"
            ),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "-----BEGIN PRIVATE KEY-----********"),
            (
                "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----"
            ),
        ]
    )
    func text(text: String, masked: String) {
        #expect(SecretMask.masked(text) == masked)
        // What is masked stays as it is.
        #expect(SecretMask.masked(masked) == masked)
    }
}
