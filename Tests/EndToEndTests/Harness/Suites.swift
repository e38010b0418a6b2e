import Testing

extension Tag {
    /// Takes longer than a second.
    @Tag static var slow: Tag
}

/// Every test of the built program; run one of its parts with `--filter`.
///
/// One after the other: each starts several processes of its own, and would only wait for the
/// others on a small machine until its deadlines have passed.
@Suite("The built program", .serialized)
enum EndToEnd {
    @Test("is there")
    static func isThere() {
        #expect(Program.isThere, "build it, or set SIGNALBOX_BINARY; looked at \(Program.path)")
    }
}
