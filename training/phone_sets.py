"""Phone names of flite and festival voices in IPA. An empty string is silence."""


def _table(pairs: str, **silence: str) -> dict[str, str]:
    table = {name: ipa for name, ipa in (pair.split('=') for pair in pairs.split())}
    return table | silence | {'pau': '', 'sil': '', 'ssil': '', 'brth': '', '#': '', '_': '', '##': ''}


def _lengthened(table: dict[str, str]) -> dict[str, str]:
    return table | {f'{name}:': ipa for name, ipa in table.items() if ipa}


ARPABET = _table(
    'aa=ɑ ae=æ ah=ʌ ao=ɔ aw=aʊ ax=ə axr=ɚ ay=aɪ eh=ɛ er=ɚ ey=eɪ ih=ɪ iy=i ow=oʊ oy=ɔɪ uh=ʊ uw=u b=b ch=tʃ d=d dh=ð '
    'dx=ɾ el=l em=m en=n f=f g=g hh=h hv=h jh=dʒ k=k l=l m=m n=n nx=n ng=ŋ p=p r=ɹ s=s sh=ʃ t=t th=θ v=v w=w y=j z=z '
    'zh=ʒ'
)
ITALIAN = _table(
    'a=a e=e i=i o=o u=u a1=a e1=e E=ɛ E1=ɛ i1=i o1=o O=ɔ O1=ɔ u1=u p=p b=b t=t d=d k=k g=g tS=tʃ dZ=dʒ ts=ts dz=dz '
    'f=f v=v s=s z=z S=ʃ SS=ʃ m=m n=n J=ɲ l=l L=ʎ r=r nf=ɱ ng=ŋ j=j w=w LL=ʎ JJ=ɲ i#=i u#=u tts=ts ddz=dz ttS=tʃ ddZ=dʒ'
)
CZECH = _lengthened(
    _table(
        'a=a e=ɛ i=ɪ o=o u=u b=b c=ts c~=tʃ ch=x d=d d~=ɟ dz=dz dz~=dʒ f=f g=g h=ɦ j=j k=k l=l m=m n=n n*=ŋ n~=ɲ p=p r=r '
        'r~=rʒ r~*=rʃ s=s s~=ʃ t=t t~=c v=v z=z z~=ʒ'
    )
)
FINNISH = _lengthened(
    _table(
        'a=ɑ e=e i=i o=o u=u y=y @=æ 7=ø &=ə p=p t=t k=k b=b d=d g=g f=f T=θ D=ð s=s z=z S=ʃ Z=ʒ h=h v=ʋ m=m n=n N=ŋ l=l L=l '
        'r=r j=j w=w ?=ʔ'
    )
)
RUSSIAN = _table(
    'ii=i yy=ɨ uu=u ee=ɛ oo=o aa=a a=ɐ e=ɪ i=ɪ y=ɨ u=u ae=ə ay=ə ur=ʊ p=p pp=p b=b bb=b t=t tt=t d=d dd=d k=k kk=k g=g gg=g '
    'c=ts ch=tɕ f=f ff=f v=v vv=v s=s ss=s z=z zz=z sh=ʂ sch=ɕ zh=ʐ h=x hh=x m=m mm=m n=n nn=n l=l ll=l r=r rr=r j=j'
)
CATALAN = _table(
    'ax=ə a=a a1=a e=e e1=e E=ɛ E1=ɛ i=i i1=i o=o o1=o O=ɔ O1=ɔ u=u u1=u b=b d=d f=f g=ɣ j=j J=ɲ k=k l=l L=ʎ m=m n=n p=p r=ɾ '
    'rr=r s=s S=ʃ t=t w=w z=z Z=ʒ'
)
HINDI = _table(
    'a=ə aa=ɑ ih=ɪ iy=i uh=ʊ uw=u eh=e ee=e ay=ɛ oh=o oo=o aw=ɔ k=k kh=kʰ g=ɡ gh=ɡ ng=ŋ ch=tʃ chh=tʃʰ j=dʒ jh=dʒ T=ʈ tth=ʈ '
    'D=ɖ ddh=ɖ t=t td=t th=t d=d dh=d n=n N=ɳ ny=ɲ p=p ph=pʰ b=b bh=b m=m y=j r=r l=l L=ɭ v=ʋ w=ʋ sh=ʃ s=s z=z h=ɦ f=f'
)

PHONE_SETS = {
    'arpabet': ARPABET,
    'italian': ITALIAN,
    'czech': CZECH,
    'finnish': FINNISH,
    'russian': RUSSIAN,
    'catalan': CATALAN,
    'hindi': HINDI,
}
