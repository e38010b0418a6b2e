import Model
import Testing

@testable import Store

@Suite("Coding of a job's details")
struct DetailCodingTests {
    /// Each detail set alone, so that none hides another.
    private static let changes: [@Sendable (inout JobExtra) -> Void] = [
        { $0.excluded = ["h1"] },
        { $0.failure = .validation("no") },
        { $0.stalls = 2 },
        { $0.isUndoHeld = true },
        { $0.rollbackPolicy = .manual },
        { $0.warning = "mind" },
        { $0.afterFailure = .skip },
        { $0.signature = 7 },
        { $0.onCrash = .requeue },
        { $0.engineStop = .rollBack },
        { $0.requeues = 1 },
        { $0.limits.planned = TimeLimits(total: 5) },
        { $0.approval = Approval(source: "x") },
        { $0.rerunFrom = 3 },
    ]

    @Test("each comes back alone, whichever way it is written", arguments: changes.indices)
    func alone(_ place: Int) throws {
        var extra = JobExtra()
        Self.changes[place](&extra)
        let details = try #require(JobDetails(extra))
        #expect(Mirror(reflecting: details).children.count == Self.changes.count)
        var found = JobExtra()
        try JobDetails.decode(JobDetails.text(of: extra))?.apply(to: &found)
        #expect(found == extra)
    }
}
