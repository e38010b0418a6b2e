import Foundation
import Hypervisor
import Testing

@Suite("Catalogues and inventory")
struct CatalogueTests {
    @Test("Every verb has an entry, in order")
    func verbs() {
        #expect(VerbCatalogue.all.map(\.verb) == Verb.allCases)
        for entry in VerbCatalogue.all {
            #expect(VerbCatalogue[entry.verb] == entry)
            #expect(entry.summary.hasSuffix(".") && entry.median < entry.p95)
        }
    }

    @Test("Durations have the median and the 95th percentile of the catalogue")
    func durations() {
        for entry in VerbCatalogue.all {
            let drawn = (0..<2_000).map {
                Chance.duration(
                    median: entry.median,
                    p95: entry.p95,
                    seed: 1,
                    id: "t\($0)",
                    verb: entry.verb.rawValue
                )
            }.sorted()
            let (median, p95) = (Double(entry.median), Double(entry.p95))
            #expect((0.85...1.15).contains(Double(drawn[1_000]) / median), "\(entry.verb)")
            #expect((0.75...1.3).contains(Double(drawn[1_900]) / p95), "\(entry.verb)")
        }
    }

    @Test("Every fault of the catalogue is read by its key", arguments: Fault.catalogue.keys)
    func faults(key: String) throws {
        let read = try JSONDecoder().decode([Fault].self, from: Data("[\"\(key)\"]".utf8))
        #expect(read == [Fault.catalogue[key]])
        let again = try JSONDecoder().decode([Fault].self, from: JSONEncoder().encode(read))
        #expect(again == read)
        #expect(read[0].text.count > 10)
    }

    @Test(
        "A synthetic inventory is consistent, and the same for the same seed",
        arguments: [(0, 0), (1, 40), (12, 300), (40, 2_000)]
    )
    func synthetic(hosts: Int, vms: Int) {
        let inventory = Inventory.synthetic(hosts: hosts, vms: vms, seed: 11)
        #expect(inventory == .synthetic(hosts: hosts, vms: vms, seed: 11))
        #expect(violations(of: inventory, busy: []).isEmpty)
        #expect(inventory.vms.count == vms && inventory.hosts.count == max(1, hosts))
        #expect(inventory.disks.count == vms)
        if vms >= 300 {
            #expect(inventory != .synthetic(hosts: hosts, vms: vms, seed: 12))
            let running = inventory.vms.all.filter { $0.state == .running }.count
            #expect(running > vms / 2 && running < vms * 9 / 10)
            #expect(inventory.vms.contains("web-1") && inventory.vms.contains("win-9"))
            #expect(inventory.hosts.contains("kvm-a01"))
        }
    }

    @Test("An inventory is read as it was written")
    func inventoryCoding() throws {
        let inventory = Inventory.synthetic(hosts: 5, vms: 50, seed: 2)
        let data = try JSONEncoder().encode(inventory)
        #expect(try JSONDecoder().decode(Inventory.self, from: data) == inventory)
    }

    @Test("A roster keeps its order and finds by name through any changes", arguments: 1...5)
    func roster(seed: UInt64) {
        var dice = Dice(state: seed)
        var roster = Roster<Zone>()
        var plain: [String] = []
        for _ in 0..<3_000 {
            let name = "z\(dice.below(300))"
            switch dice.below(3) {
            case 0:
                roster.remove(name)
                plain.removeAll { $0 == name }
            case 1:
                let new = "z\(dice.below(300))"
                roster.rename(name, to: Zone(name: new))
                if let place = plain.firstIndex(of: name), !plain.contains(new) {
                    plain[place] = new
                }
            default:
                roster.set(Zone(name: name))
                if !plain.contains(name) { plain.append(name) }
            }
            #expect(roster.count == plain.count && roster.contains(name) == plain.contains(name))
        }
        #expect(roster.names == plain)
        #expect(plain.allSatisfy { roster[$0]?.name == $0 })
    }

    @Test("An older copy of an inventory does not change with the hypervisor")
    func snapshots() {
        let lab = Lab()
        let before = lab.inventory
        lab.run("vm.boot vm/db-1")
        #expect(before.vms["db-1"]?.state == .stopped && lab.vm("db-1")?.state == .running)
    }
}
