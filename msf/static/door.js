(()=>{const c=location.hash.slice(1),i=document.getElementById("code");if(!c||!i)return;history.replaceState(null,"",location.pathname);i.value=c;i.form.submit()})();
