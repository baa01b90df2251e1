package dev.selvedge.server.blackbox;

import dev.selvedge.contract.FakeFaultRules;

class NioFakeFaultRulesTest extends FakeFaultRules { }
