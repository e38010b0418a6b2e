import Model
import Testing

@Suite("Lock modes")
struct LockTests {
    @Test(
        "exclude each other unless both are shared, and cover what is weaker",
        arguments: [
            (LockMode.shared, LockMode.shared, true, true),
            (.shared, .exclusive, false, false),
            (.exclusive, .shared, false, true),
            (.exclusive, .exclusive, false, true),
        ]
    )
    func table(held: LockMode, wanted: LockMode, isCompatible: Bool, covers: Bool) {
        #expect(held.isCompatible(with: wanted) == isCompatible)
        #expect(held.covers(wanted) == covers)
    }

    @Test("stand in requests as they are asked for")
    func requests() {
        #expect(LockRequest.exclusive("vm/a") == LockRequest("vm/a", .exclusive))
        #expect(LockRequest.shared("vm/a") == LockRequest("vm/a", .shared))
    }

    @Test("stops are a ladder of three rungs")
    func ladder() {
        #expect(StopLevel.allCases.map(\.rung) == [1, 2, 3])
        #expect(StopLevel.cancel < .abort)
        #expect(StopLevel.abort < .abandon)
        #expect(!(StopLevel.abandon < .cancel))
    }
}
