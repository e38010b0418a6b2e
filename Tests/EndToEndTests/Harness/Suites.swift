import Testing

extension Tag {
    /// Takes longer than a second.
    @Tag static var slow: Tag
}

/// Every test of the built program.
///
/// One after the other: each starts several processes of its own, and would only wait for the
/// others on a small machine.
@Suite(
    "The built program",
    .serialized,
    .enabled(if: Program.isThere, "there is no program at \(Program.path)")
)
enum EndToEnd {}

@Suite("The program under test")
struct ProgramTests {
    @Test("is there")
    func isThere() {
        #expect(Program.isThere, "build it, or set SIGNALBOX_BINARY; looked at \(Program.path)")
    }
}
