import Engine
import Model
import Operations
import Testing

@Suite("The ways to the backends")
struct RouterBackendTests {
    private let hypervisor = ScriptedHypervisor()
    private let now = Timestamp(milliseconds: 1000)

    private func router() -> RouterBackend {
        RouterBackend(
            scripts: nil,
            external: ExternalBackend(slots: 7),
            others: HypervisorBackend(SmallWorld.hypervisor())
        )
    }

    private func begin(_ name: String, _ verb: String) -> BackendCall {
        let operation = Operation(verb, on: "vm/web-1", lane: External.lane)
        return .begin(OperationCall(name: name, operation: operation, lane: "control", fence: 9))
    }

    @Test("Outside work is asked about nowhere else, whoever began it")
    func external() {
        let others = HypervisorBackend(hypervisor)
        let router = RouterBackend(scripts: nil, external: ExternalBackend(), others: others)
        router.perform(
            [
                begin("5/0/x1", External.verb), .probe(operation: "6/0/x1"),
                .interrupt(operation: "5/0/x1", fence: 10), .clear(operation: "5/0/x1"),
                .probe(operation: "7/0/1"),
            ],
            at: now
        )
        #expect(hypervisor.get(\.begun).isEmpty)
        #expect(hypervisor.get(\.cleared).isEmpty)
        let news = router.takeNews(at: now)
        #expect(news.map(\.operation) == ["5/0/x1", "6/0/x1", "5/0/x1", "7/0/1"])
        #expect(news.prefix(2).allSatisfy { $0.event == .accepted })
        #expect(router.nextNews(after: now) == nil)
    }

    @Test("Whoever asks again about outside work gets no answer: only its program knows")
    func askedAgain() {
        let backend = ExternalBackend()
        backend.perform([begin("5/0/x1", External.verb)], at: now)
        _ = backend.takeNews(at: now)
        backend.perform([.probe(operation: "5/0/x1")], at: now)
        #expect(backend.takeNews(at: now).isEmpty)
    }

    @Test("Lanes, hosts and the fields of entities are those of whoever has them")
    func lanes() {
        let router = router()
        #expect(router.slots(inLane: External.lane) == 7)
        #expect(router.slots(inLane: "host/kvm-a01") == HypervisorBackend.slotsPerHost)
        #expect(router.resolve(lane: External.lane) == External.lane)
        #expect(router.resolve(lane: "vm/web-1") == "host/kvm-a01")
        #expect(router.knows(lane: External.lane) && router.knows(lane: "host/kvm-a01"))
        #expect(!router.knows(lane: "host/none"))
        #expect(router.fields(["cpus"], of: "vm/web-1") == ["cpus": "2"])
    }
}
