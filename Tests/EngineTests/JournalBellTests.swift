import Engine
import Model
import Store
import Synchronization
import TestKit
import Testing

@Suite("The journal's bell")
struct JournalBellTests {
    private static func kind() -> ScriptedKind {
        ScriptedKind.one("work", Step("do it", .init(verb: "do", subject: "it", lane: "a")))
    }
}
