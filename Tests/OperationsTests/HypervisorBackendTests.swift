import Engine
import Hypervisor
import Model
import Operations
import Testing

@Suite("The bridge to the hypervisor")
struct HypervisorBackendTests {
    private let hypervisor = ScriptedHypervisor()
    private let now = Timestamp(milliseconds: 1000)

    private func backend(_ slots: [String: Int] = [:]) -> HypervisorBackend {
        HypervisorBackend(hypervisor, slots: slots)
    }

    private func begin(
        _ name: String,
        _ verb: String = "vm.boot",
        _ parameters: [String: String] = [:],
        lane: String = "host/kvm-a01"
    ) -> BackendCall {
        .begin(
            OperationCall(
                name: name,
                operation: Operation(verb, on: "vm/web-1", parameters: parameters),
                lane: lane,
                fence: 9
            )
        )
    }

    private func report(_ id: String, _ status: TaskStatus) -> TaskReport {
        TaskReport(id: id, status: status, progress: 40, message: "copying", at: 0)
    }

    @Test("A begun operation becomes a task with its name, host, subject, parameters and fence")
    func calls() {
        backend().perform([begin("5/0/1", "vm.boot", ["to": "kvm-a01"])], at: now)
        #expect(
            hypervisor.get(\.begun) == [
                TaskCall(
                    id: "5/0/1",
                    verb: "vm.boot",
                    subject: "vm/web-1",
                    host: "kvm-a01",
                    parameters: ["to": "kvm-a01"],
                    fence: 9
                )
            ]
        )
    }

    @Test("Work on no host names none, and excluded lanes become excluded hosts")
    func placement() {
        backend().perform(
            [begin("5/0/1", "vm.reserve", ["exclude": "host/kvm-a01,kvm-a02"], lane: "control")],
            at: now
        )
        let call = hypervisor.get(\.begun).first
        #expect(call?.host == nil)
        #expect(call?.parameters == ["exclude": "kvm-a01,kvm-a02"])
    }

    @Test("Replies are news at once, and no answer is no news")
    func replies() {
        hypervisor.set { $0.replies = [.accepted, .refused(.serverCapacity), .noAnswer] }
        let backend = backend()
        backend.perform([begin("1/0/1"), begin("2/0/1"), begin("3/0/1")], at: now)
        #expect(backend.nextNews(after: now) == now)
        #expect(
            backend.takeNews(at: now) == [
                BackendNews(operation: "1/0/1", .accepted),
                BackendNews(operation: "2/0/1", .refused(Failure(.serverCapacity))),
            ]
        )
        #expect(backend.takeNews(at: now).isEmpty)
        #expect(backend.nextNews(after: now) == nil)
    }

    @Test(
        "Each status has its news",
        arguments: [
            (.running, .progress(40, "copying")), (.done, .done([:])),
            (.failed(.storageIO), .failed(Failure(.storageIO))), (.interrupted, .interrupted),
            (.unknown, .unknown), (.unreachable, .unreachable),
        ] as [(TaskStatus, BackendNews.Event)]
    )
    func statuses(_ status: TaskStatus, _ event: BackendNews.Event) {
        hypervisor.set { $0.reports = [report("5/0/1", status)] }
        #expect(backend().takeNews(at: now) == [BackendNews(operation: "5/0/1", event)])
    }

    @Test(
        "A fault's sort says what may follow",
        arguments: [
            (.serverCapacity, .placement), (.volumeCreation, .placement),
            (.hostUnreachable, .unreachable), (.operationTimeout, .unreachable),
            (.agentMaintenance, .transient), (.lockTimeout, .transient),
            (.concurrentOperation, .transient), (.snapshotConflict, .transient),
            (.resourceInUse, .transient), (.alreadyExists, .permanent), (.taskExists, .permanent),
            (.staleFence, .permanent), (.storageIO, .permanent), (.badParameter, .permanent),
            (.tooManyTasks, .transient),
        ] as [(Fault, FailureClass)]
    )
    func classes(_ fault: Fault, _ kind: FailureClass) {
        let failure = Failure(fault)
        #expect(failure.kind == kind)
        #expect(
            failure.code
                == ResultCode(
                    domain: fault.domain,
                    number: fault.number,
                    name: fault.name
                )
        )
        #expect(failure.text.hasPrefix(fault.text))
    }

    @Test("The finer number of a capacity fault stands in its text")
    func detail() {
        #expect(Failure(.serverCapacity).text.hasSuffix("(4335)"))
    }

    @Test("A probe is answered as news; an operation nobody knows is unknown")
    func probes() {
        hypervisor.set { $0.statuses = ["5/0/1": .running] }
        let backend = backend()
        backend.perform([.probe(operation: "5/0/1"), .probe(operation: "6/0/1")], at: now)
        #expect(
            backend.takeNews(at: now) == [
                BackendNews(operation: "5/0/1", .progress(40, "m")),
                BackendNews(operation: "6/0/1", .unknown),
            ]
        )
    }

    @Test(
        "A refused interrupt says why",
        arguments: [
            (.accepted, nil), (.noAnswer, nil),
            (.refused(.notInterruptible), .notInterruptible("It cannot be interrupted")),
            (.refused(.unknownTask), .unknown), (.refused(.hostUnreachable), .unreachable),
        ] as [(Reply, BackendNews.Event?)]
    )
    func interrupts(_ reply: Reply, _ event: BackendNews.Event?) {
        hypervisor.set {
            $0.interruptReply = reply
            $0.statuses = ["5/0/1": .running]
        }
        let backend = backend()
        backend.perform([.interrupt(operation: "5/0/1", fence: 9)], at: now)
        #expect(backend.takeNews(at: now).map(\.event) == (event.map { [$0] } ?? []))
        #expect(hypervisor.get(\.interrupted) == ["5/0/1 9"])
    }

    @Test("Clears go through, in order with the begins around them")
    func clears() {
        backend().perform(
            [.clear(operation: "1/0/1"), begin("2/0/1"), .clear(operation: "3/0/1")],
            at: now
        )
        #expect(hypervisor.get(\.cleared) == ["1/0/1", "3/0/1"])
        #expect(hypervisor.get(\.begun).map(\.id) == ["2/0/1"])
    }

    @Test("Nothing is asked of the hypervisor for an operation that does nothing")
    func noop() {
        let backend = backend()
        backend.perform([begin("5/0/1", "noop")], at: now)
        #expect(backend.takeNews(at: now) == [BackendNews(operation: "5/0/1", .done([:]))])
        #expect(hypervisor.get(\.begun).isEmpty)
    }

    @Test("A VM's lane is its host's, or control")
    func lanes() {
        hypervisor.set { $0.inventory = SmallWorld.inventory() }
        let backend = backend()
        #expect(backend.resolve(lane: "vm/web-1") == "host/kvm-a01")
        #expect(backend.resolve(lane: "vm/db-1") == "control")
        #expect(backend.resolve(lane: "vm/unknown") == "control")
        #expect(backend.resolve(lane: "host/x") == "host/x")
        #expect(backend.resolve(lane: "control") == "control")
    }

    @Test("A host takes four at once, control sixteen, unless told otherwise")
    func slots() {
        let backend = backend(["host/kvm-a02": 1])
        #expect(backend.slots(inLane: "host/kvm-a01") == 4)
        #expect(backend.slots(inLane: "host/kvm-a02") == 1)
        #expect(backend.slots(inLane: "control") == 16)
    }

    @Test("The hypervisor's own time for news is passed on")
    func nextNews() {
        hypervisor.set { $0.next = 5000 }
        #expect(backend().nextNews(after: now) == Timestamp(milliseconds: 5000))
    }
}
