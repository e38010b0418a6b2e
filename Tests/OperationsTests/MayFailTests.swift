import Engine
import Hypervisor
import Model
import Operations
import Testing

@Suite("Operations that may fail")
struct MayFailTests {
    private let hypervisor = ScriptedHypervisor()
    private let now = Timestamp(milliseconds: 1000)
    private let call = BackendCall.begin(
        OperationCall(
            name: "5/0/1",
            operation: Operation("vm.shutdown", on: "vm/web-1", parameters: ["mayFail": "true"]),
            lane: "host/kvm-a01",
            fence: 9
        )
    )

    @Test("A guest that does not react lets the step be done, and says so")
    func gaveUp() {
        let backend = HypervisorBackend(hypervisor)
        backend.perform([call], at: now)
        let task = hypervisor.get(\.begun).first
        #expect(task?.parameters == [:])
        let id = task?.id ?? ""
        hypervisor.set {
            $0.reports = [TaskReport(id: id, status: .failed(.guestUnresponsive), at: 0)]
        }
        #expect(
            backend.takeNews(at: now).map(\.event) == [
                .accepted, .progress(99, "The guest does not react"),
                .done(["gaveUp": "The guest does not react"]),
            ]
        )
        backend.perform([.clear(operation: "5/0/1")], at: now)
        #expect(hypervisor.get(\.cleared) == [id])
    }

    @Test("A passing trouble is a failure like any other, to be tried again")
    func transient() {
        let backend = HypervisorBackend(hypervisor)
        backend.perform([call], at: now)
        let id = hypervisor.get(\.begun).first?.id ?? ""
        hypervisor.set { $0.reports = [TaskReport(id: id, status: .failed(.lockTimeout), at: 0)] }
        #expect(backend.takeNews(at: now).last?.event == .failed(Failure(.lockTimeout)))
    }

    @Test("A new process finds the task again without having begun it")
    func afterCrash() {
        HypervisorBackend(hypervisor).perform([call], at: now)
        let id = hypervisor.get(\.begun).first?.id ?? ""
        hypervisor.set { $0.statuses = [id: .failed(.guestUnresponsive)] }
        let backend = HypervisorBackend(hypervisor)
        backend.perform([.probe(operation: "5/0/1")], at: now)
        let last = backend.takeNews(at: now).last
        #expect(last?.operation == "5/0/1")
        #expect(last?.event == .done(["gaveUp": "The guest does not react"]))
        backend.perform([.interrupt(operation: "5/0/1", fence: 9)], at: now)
        #expect(hypervisor.get(\.interrupted) == ["\(id) 9"])
    }
}
