"""Names for people who have none while they are marked: birds, drawn at random, never from the person."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from itertools import count

ALIASES = tuple(
    """
    Accentor Albatross Antpitta Avocet Babbler Barbet Bateleur Bee-eater Bellbird Besra Bittern
    Blackbird Blackcap Bluebird Bluethroat Bobolink Bobwhite Booby Boubou Brambling Brant Brolga
    Bronzewing Budgerigar Bulbul Bullfinch Bunting Bushtit Bustard Buzzard Cacique Calandra Canary
    Capercaillie Caracara Cardinal Cassowary Catbird Chachalaca Chaffinch Chickadee Chiffchaff
    Chough Chukar Cisticola Cockatiel Cockatoo Condor Coot Cordon-bleu Cormorant Corncrake Cotinga
    Coua Coucal Courser Cowbird Crake Crane Creeper Crossbill Cuckoo Curassow Curlew Currawong Cutia
    Dabchick Darter Dickcissel Dikkop Dipper Diver Dotterel Dove Dowitcher Drongo Dunlin Dunnock
    Eagle Egret Eider Elaenia Emerald Emu Euphonia Fantail Fieldfare Finch Finfoot Firecrest
    Firefinch Flamingo Flicker Flycatcher Francolin Friarbird Frigatebird Fulmar Gadwall Galah
    Gallinule Gannet Garganey Gnatcatcher Go-away-bird Godwit Goldcrest Goldeneye Goldfinch
    Goosander Goose Goshawk Grackle Grassbird Grebe Greenfinch Greenshank Grosbeak Grouse Guan
    Guillemot Guineafowl Gull Gyrfalcon Hamerkop Harrier Hawfinch Hawk Heron Hoatzin Hobby
    Honeyeater Honeyguide Hoopoe Hornbill Hornero Hummingbird Ibis Iora Jabiru Jacamar Jacana
    Jackdaw Jaeger Jay Junco Kagu Kaka Kakapo Kea Kestrel Killdeer Kingbird Kingfisher Kinglet Kite
    Kittiwake Kiwi Knot Koel Kookaburra Lammergeier Lapwing Lark Leafbird Limpkin Linnet Longbill
    Longclaw Longspur Lorikeet Lyrebird Macaw Magpie Malkoha Mallard Manakin Mannikin Martin
    Meadowlark Megapode Merganser Merlin Minivet Minla Mockingbird Monal Moorhen Motmot Mousebird
    Munia Murre Murrelet Myna Needletail Nene Nighthawk Nightingale Nightjar Noddy Nunbird
    Nutcracker Nuthatch Oilbird Oriole Oropendola Osprey Ostrich Ouzel Ovenbird Owl Owlet
    Oystercatcher Palila Parakeet Pardalote Parrot Partridge Peacock Peewit Pelican Penguin Petrel
    Phainopepla Phalarope Pheasant Phoebe Piculet Pigeon Pintail Pipit Pitta Plover Pochard Potoo
    Pratincole Prinia Ptarmigan Puffin Puffleg Quail Quelea Quetzal Rail Raven Razorbill Redpoll
    Redshank Redstart Redwing Reedling Rhea Roadrunner Roller Rook Rosefinch Rosella Ruff Rushbird
    Saltator Sanderling Sandgrouse Sandpiper Sapsucker Scaup Scimitarbill Scoter Screamer
    Secretarybird Seedeater Seriema Serin Shag Shama Shearwater Shelduck Shoebill Shoveler Shrike
    Siskin Sitella Skimmer Skua Skylark Smew Snipe Solitaire Sparrow Spinetail Spoonbill Starling
    Stilt Stint Stonechat Stork Sunbird Surfbird Swallow Swan Swift Tanager Tapaculo Tattler Teal
    Tern Thrasher Thrush Tinamou Tit Toucan Towhee Tragopan Treecreeper Trogon Trumpeter Turaco
    Turnstone Twite Tyrant Umbrellabird Veery Verdin Vireo Vulture Wagtail Warbler Waterthrush
    Waxbill Waxwing Weaver Wheatear Whimbrel Whinchat Whipbird Whitethroat Whydah Wigeon Willet
    Woodcock Woodpecker Wren Wryneck Yellowhammer Yellowlegs Yuhina
    """.split()  # noqa: SIM905  read more easily so
)


def fresh_alias(taken: Collection[str]) -> str:
    """A name that nobody has yet, every free one as likely; when all birds are gone, they get numbers."""
    for round_ in count(1):
        names = ALIASES if round_ == 1 else tuple(f"{bird} {round_}" for bird in ALIASES)
        free = [name for name in names if name not in taken]
        if free:
            return secrets.choice(free)
    raise AssertionError  # numbers never end
