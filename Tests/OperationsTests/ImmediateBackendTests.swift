import Engine
import Model
import Operations
import Testing

@Suite("The immediate backend")
struct ImmediateBackendTests {
    @Test("Everything begun is done, once, and nothing else is known")
    func immediate() {
        let backend = ImmediateBackend()
        let now = Timestamp(milliseconds: 0)
        let call = OperationCall(
            name: "1/0/1",
            operation: Operation("any", on: "x"),
            lane: "control",
            fence: 1
        )
        #expect(backend.nextNews(after: now) == nil)
        backend.perform([.begin(call), .probe(operation: "9/0/1")], at: now)
        #expect(backend.nextNews(after: now) == now)
        #expect(
            backend.takeNews(at: now) == [
                BackendNews(operation: "1/0/1", .done([:])),
                BackendNews(operation: "9/0/1", .unknown),
            ]
        )
        #expect(backend.takeNews(at: now).isEmpty)
        #expect(backend.slots(inLane: "control") > 1000)
    }
}
