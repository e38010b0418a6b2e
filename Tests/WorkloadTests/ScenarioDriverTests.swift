import Hypervisor
import Model
import Testing
import Workload

@Suite("Driving a scenario")
struct ScenarioDriverTests {
    private let opening = Timestamp(milliseconds: 10_000_000)

    private func scenario(_ events: [ScriptedEvent]) -> Scenario {
        var scenario = Scenario(title: "T", inventory: .synthetic(hosts: 3, vms: 20, seed: 1))
        scenario.events = events
        return scenario
    }

    private let stop = Submission(kind: "vm.stop", target: Target("vm/web-1"), user: "u")

    @Test("Events come when they are due, in order, and then no more")
    func order() {
        var driver = ScenarioDriver(
            scenario([
                ScriptedEvent(at: -5000, .heal("a")), ScriptedEvent(at: 1000, .heal("b")),
                ScriptedEvent(at: 1000, .heal("c")),
            ]),
            opening: opening
        )
        #expect(driver.nextEvent == opening + -5000)
        #expect(driver.take(at: opening, inventory: Inventory(), unfinished: []) == [.heal("a")])
        #expect(driver.nextEvent == opening + 1000)
        #expect(driver.take(at: opening + 999, inventory: Inventory(), unfinished: []).isEmpty)
        #expect(
            driver.take(at: opening + 1000, inventory: Inventory(), unfinished: [])
                == [.heal("b"), .heal("c")]
        )
        #expect(driver.nextEvent == nil)
    }

    @Test("An action speaks of the job that its label was accepted as")
    func labels() {
        let script = scenario([
            ScriptedEvent(at: 0, .submit(stop, label: "x")),
            ScriptedEvent(at: 10, .act(.stop(.abort), label: "x", by: "bob", reason: "r")),
        ])
        var driver = ScenarioDriver(script, opening: opening)
        let first = driver.take(at: opening, inventory: Inventory(), unfinished: [])
        #expect(first == [.submit(stop, label: "x")])
        var deaf = driver
        driver.accepted("x", as: JobID(5))
        #expect(
            driver.take(at: opening + 10, inventory: Inventory(), unfinished: [])
                == [.request(OperatorRequest(.stop(.abort), job: JobID(5), by: "bob", reason: "r"))]
        )
        #expect(
            deaf.take(at: opening + 10, inventory: Inventory(), unfinished: [])
                == [.missed("abort of “x”, which was never accepted")]
        )
    }

    @Test("A rule's times count from the opening")
    func ruleTimes() {
        var rule = FaultRule(id: "f", action: .hang(atPercent: 10))
        rule.from = 1000
        rule.until = 2000
        var driver = ScenarioDriver(
            scenario([ScriptedEvent(at: 0, .fault(rule))]),
            opening: opening
        )
        rule.from = opening.milliseconds + 1000
        rule.until = opening.milliseconds + 2000
        #expect(
            driver.take(at: opening, inventory: Inventory(), unfinished: []) == [.fault(rule)]
        )
    }

    @Test("A due time counts from the opening")
    func dueTime() {
        var later = stop
        later.dueAt = Timestamp(milliseconds: 5000)
        var driver = ScenarioDriver(
            scenario([ScriptedEvent(at: -10, .submit(later, label: nil))]),
            opening: opening
        )
        later.dueAt = opening + 5000
        #expect(
            driver.take(at: opening, inventory: Inventory(), unfinished: [])
                == [.submit(later, label: nil)]
        )
    }

    @Test("The load begins with the past and leaves the script's targets alone")
    func load() throws {
        var busy = scenario([ScriptedEvent(at: 0, .submit(stop, label: nil))])
        busy.past = 3_600_000
        busy.load = LoadProfile(weights: ["vm.stop": 1], rate: 6)
        var driver = ScenarioDriver(busy, opening: opening)
        let first = try #require(driver.nextEvent)
        #expect(first > opening + -busy.past && first < opening)
        var submitted: [Target] = []
        while let at = driver.nextEvent, at < opening {
            for event in driver.take(at: at, inventory: busy.inventory, unfinished: []) {
                if case .submit(let submission, nil) = event { submitted.append(submission.target) }
            }
        }
        #expect((200...520).contains(submitted.count))
        #expect(!submitted.contains(stop.target))
    }
}
