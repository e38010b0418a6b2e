import Engine
import Model
import Store
import TestKit
import Testing

@Suite("The audit")
struct AuditTests {
    @Test("a request stands there with who asked, what, why, and the states before and after")
    func accepted() throws {
        let stage = try Stage(.running)
        let request = OperatorRequest(
            .stop(.cancel),
            job: stage.id,
            by: "bob",
            reason: "it is wrong"
        )

        let outcome = try stage.bench.ask(request)

        let line = try #require(try stage.bench.audit(.job(stage.id)).first)
        #expect(outcome == .accepted(stage.id))
        #expect([line.user, line.action, line.reason] == ["bob", "cancel", "it is wrong"])
        #expect([line.before, line.after] == ["running", "cancelling"])
        #expect(line.outcome == "accepted")
    }

    @Test("an action that makes no sense for its subject is refused, and stands there too")
    func misdirected() throws {
        let stage = try Stage(.completed)

        let outcome = try stage.bench.ask(OperatorRequest(.retry, on: .lane("host/a"), by: "bob"))

        let lines = try stage.bench.audit(.lane("host/a"))
        #expect(lines.map(\.outcome) == [outcome.words])
        #expect(outcome.words.hasPrefix("refused: "))
    }

    @Test("lines are numbered in the order in which they happened")
    func numbered() throws {
        let stage = try Stage(.completed)
        try stage.bench.request(.retry, stage.id)
        try stage.bench.request(.stop(.abort), stage.id)

        let lines = try stage.bench.audit(.job(stage.id))

        #expect(lines.map(\.sequence) == [1, 2])
        #expect(lines.map(\.action) == ["retry", "abort"])
    }
}
