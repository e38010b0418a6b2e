import Foundation
import Hypervisor
import Testing

@Suite("Fault rules")
struct FaultRuleTests {
    private func lab(_ action: FaultAction, _ change: (inout FaultRule) -> Void = { _ in }) -> Lab {
        let lab = Lab()
        var rule = FaultRule(id: "r", action: action)
        change(&rule)
        _ = lab.hypervisor.add(rule, at: lab.now)
        return lab
    }

    @Test("fail: the task is accepted and fails at once")
    func fail() {
        let lab = lab(.fail(.startFailed))
        let (id, reply) = lab.begin("vm.boot vm/db-1")
        #expect(reply == .accepted)
        #expect(lab.hypervisor.probe(id, at: lab.now).status == .failed(.startFailed))
        #expect(lab.vm("db-1")?.state == .stopped)
    }

    @Test("failMidway: the task fails at its per cent")
    func failMidway() {
        let lab = lab(.failMidway(.storageIO, atPercent: 40))
        let report = lab.run("vm.shutdown vm/web-1")
        #expect(report.status == .failed(.storageIO) && report.progress == 40)
        #expect(report.message == Fault.storageIO.text)
        #expect(lab.vm("web-1")?.state == .running)
    }

    @Test("delay and slow: the task takes longer, and is done")
    func delays() {
        var times: [Int64] = []
        for action in [FaultAction.dropAnswer, .delay(milliseconds: 90_000), .slow(factor: 3)] {
            let lab = lab(action)
            let before = lab.now
            let report = lab.run("vm.boot vm/db-1")
            #expect(report.status == .done)
            times.append(report.at - before)
        }
        #expect(times[1] == times[0] + 90_000)
        #expect(times[2] == times[0] * 3)
    }

    @Test("hang: the task stands still until it is interrupted, and gives no more news")
    func hang() {
        let lab = lab(.hang(atPercent: 30))
        let (id, _) = lab.begin("vm.boot vm/db-1")
        #expect(lab.wait(id).progress == 30)
        #expect(lab.hypervisor.nextNews(after: lab.now) == nil)
        #expect(lab.hypervisor.interrupt(id, fence: 1, at: lab.now) == .accepted)
        #expect(lab.hypervisor.news(at: lab.now).map(\.status) == [.interrupted])
        #expect(lab.vm("db-1")?.state == .stopped)
    }

    @Test("dropAnswer: no answer comes and the task runs; the same call again finds it")
    func dropAnswer() {
        let lab = lab(.dropAnswer)
        let call = lab.call("vm.boot vm/db-1")
        #expect(lab.hypervisor.begin(call, at: lab.now) == .noAnswer)
        #expect(lab.hypervisor.begin(call, at: lab.now) == .accepted)
        #expect(lab.wait(call.id).status == .done)
    }

    @Test("refuseStale: the call is refused as stale")
    func refuseStale() {
        let lab = lab(.refuseStale)
        guard case .refused(let fault) = lab.begin("vm.boot vm/db-1").reply else {
            Issue.record("not refused")
            return
        }
        #expect(fault.kind == .stale)
        #expect(lab.vm("db-1")?.state == .stopped)
    }

    @Test("loseTask: the record is gone midway, the VM is in a stable state, and no news comes")
    func loseTask() {
        let lab = lab(.loseTask(atPercent: 50))
        let (id, _) = lab.begin("vm.boot vm/db-1")
        lab.pass(percent: 40, of: id)
        _ = lab.hypervisor.news(at: lab.now)
        lab.now += 10_000_000
        #expect(lab.hypervisor.probe(id, at: lab.now).status == .unknown)
        #expect(lab.hypervisor.news(at: lab.now).isEmpty)
        #expect(lab.vm("db-1")?.state == .stopped && lab.vm("db-1")?.host == nil)
        #expect(lab.begin("vm.boot vm/db-1").reply != .refused(.concurrentOperation))
    }

    @Test("The narrowest rule counts, whenever it was added")
    func narrowest() {
        let scopes: [FaultScope] = [
            .any, .vm("web-1"), .zone("east"), .host("kvm-a01"), .cluster("a"),
        ]
        let lab = Lab()
        for scope in scopes {
            let fault = Fault.storageIO.saying("\(scope)")
            _ = lab.hypervisor.add(
                FaultRule(id: "\(scope)", action: .fail(fault), scope: scope),
                at: lab.now
            )
        }
        for scope in ["vm/web-1", "host/kvm-a01", "cluster/a", "zone/east", "any"] {
            #expect(lab.run("vm.reset vm/web-1").message == scope)
            #expect(lab.hypervisor.removeRule(scope, at: lab.now) == .accepted)
        }
        #expect(lab.run("vm.reset vm/web-1").status == .done)
        guard case .refused = lab.hypervisor.removeRule("any", at: lab.now) else {
            Issue.record("a rule was removed twice")
            return
        }
    }

    @Test(
        "A rule strikes only the verbs that its pattern covers",
        arguments: [("vm.*", 1), ("*", 2), ("nic.create", 1), ("vm.boot", 0), ("v", 0)]
    )
    func patterns(pattern: String, struck: Int) {
        let lab = lab(.fail(.storageIO)) { $0.verb = pattern }
        let statuses = [lab.run("vm.reset vm/web-1").status, lab.run("nic.create vm/web-1").status]
        #expect(statuses.filter { $0 != .done }.count == struck)
    }

    @Test("A rule with a count is retired after so many strikes")
    func count() {
        let lab = lab(.fail(.storageIO)) { $0.count = 2 }
        let statuses = (1...3).map { _ in lab.run("vm.reset vm/web-1").status }
        #expect(statuses == [.failed(.storageIO), .failed(.storageIO), .done])
        #expect(lab.hypervisor.rules().isEmpty)
    }

    @Test("A rule with times applies from the one until before the other")
    func window() {
        let lab = lab(.fail(.storageIO)) {
            $0.from = 2_000_000
            $0.until = 3_000_000
        }
        var statuses: [TaskStatus] = []
        for time: Int64 in [1_999_999, 2_000_000, 2_999_999, 3_000_000] {
            lab.now = time
            let (id, _) = lab.begin("host.ping host/kvm-b01")
            statuses.append(lab.hypervisor.probe(id, at: lab.now).status)
        }
        #expect(
            statuses == [.running, .failed(.storageIO), .failed(.storageIO), .running]
        )
    }

    @Test("A probability strikes about so many calls, and always the same ones")
    func probability() {
        func struck() -> [Int] {
            let lab = lab(.fail(.storageIO)) { $0.probability = 0.25 }
            return (0..<400).filter { _ in lab.run("host.ping host/kvm-a01").status != .done }
        }
        let first = struck()
        #expect(first == struck())
        #expect((60...140).contains(first.count))
    }

    @Test("A rule of the same name replaces the old one")
    func replaces() {
        let lab = lab(.fail(.storageIO))
        _ = lab.hypervisor.add(FaultRule(id: "r", action: .fail(.copyImage)), at: lab.now)
        #expect(lab.run("vm.reset vm/web-1").status == .failed(.copyImage))
        #expect(lab.hypervisor.rules().count == 1)
    }

    @Test(
        "A rule is read with friendly words, and written so that it is read the same",
        arguments: [
            #"{"id":"r","action":"hang"}"#,
            #"{"id":"r","action":"hostUnreachable","scope":"host/kvm-a03","until":9}"#,
            #"{"id":"r","action":{"fail":"capacity.memory"},"verb":"vm.*","probability":0.5}"#,
            #"{"id":"r","action":{"failMidway":{"fault":"storage.io","atPercent":40}}}"#,
            #"{"id":"r","action":{"slow":2.5},"scope":"zone/east","count":3,"seed":9}"#,
            #"{"id":"r","action":{"delay":9000},"scope":"cluster/a"}"#,
            #"{"id":"r","action":{"loseTask":70},"scope":"vm/web-1"}"#,
            #"{"id":"r","action":"dropAnswer"}"#, #"{"id":"r","action":"refuseStale"}"#,
        ]
    )
    func coding(text: String) throws {
        let rule = try JSONDecoder().decode(FaultRule.self, from: Data(text.utf8))
        let again = try JSONDecoder().decode(FaultRule.self, from: JSONEncoder().encode(rule))
        #expect(again == rule)
    }

    @Test(
        "A rule that makes no sense is not read, and the error says why",
        arguments: [
            (#"{"id":"r","action":"explode"}"#, "explode"),
            (#"{"id":"r","action":{"fail":"no.such"}}"#, "no.such"),
            (#"{"id":"r","action":"hang","scope":"planet/x"}"#, "planet/x"),
            (#"{"id":"r","action":"hang","probability":2}"#, "0…1"),
            (#"{"id":"r","action":{"hang":101}}"#, "0…100"),
            (#"{"id":"r","action":{"slow":-1}}"#, "factor"),
            (#"{"id":"r","action":{"hang":1,"slow":2}}"#, "one of"),
        ]
    )
    func nonsense(text: String, says: String) {
        #expect {
            try JSONDecoder().decode(FaultRule.self, from: Data(text.utf8))
        } throws: { error in
            "\(error)".contains(says)
        }
    }
}
